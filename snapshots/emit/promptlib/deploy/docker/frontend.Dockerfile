# check=error=true
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Build from the project root: docker build -f deploy/docker/frontend.Dockerfile .

# Packages, to compile with.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS deps
WORKDIR /app
COPY --link package.json ./package.json
COPY --link package-lock.json ./package-lock.json
RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci --ignore-scripts --no-audit --no-fund

# Sources to files.
FROM deps AS builder
COPY --link server ./server
COPY --link web ./web
RUN npm run build

# Sources from the working tree, for development.
FROM deps AS dev
COPY --link web ./web
RUN mkdir -p /app/node_modules \
    && chown 10001:10001 /app/node_modules

# A web server and the files, nothing else.
FROM nginxinc/nginx-unprivileged:1.30-alpine-slim AS runner
COPY --from=builder --link /app/dist/web /usr/share/nginx/html

COPY --link --chmod=0444 deploy/docker/frontend.nginx.conf /etc/nginx/nginx.conf
LABEL org.opencontainers.image.title="promptlib frontend" \
    org.opencontainers.image.description="The pages." \
    org.opencontainers.image.source=https://github.com/promptlib/promptlib \
    org.opencontainers.image.licenses=MIT \
    org.opencontainers.image.vendor=Promptlib
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=5s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
