# check=error=true
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Build from the project root: docker build -f deploy/docker/web.Dockerfile .

# Packages, to compile with.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS deps
WORKDIR /app
COPY --link package.json ./package.json
COPY --link package-lock.json ./package-lock.json
COPY --link apps/api/package.json ./apps/api/package.json
COPY --link apps/web/package.json ./apps/web/package.json
RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci --ignore-scripts --no-audit --no-fund

# Sources to files.
FROM deps AS builder
ARG VITE_API_URL=/api
COPY --link apps/web ./apps/web
RUN npm run build --workspace apps/web

# Sources from the working tree, for development.
FROM deps AS dev
COPY --link apps/web ./apps/web

# A web server and the files, nothing else.
FROM nginxinc/nginx-unprivileged:1.30-alpine-slim AS runner
COPY --from=builder --link /app/apps/web/dist /usr/share/nginx/html

COPY --link --chmod=0444 deploy/docker/web.nginx.conf /etc/nginx/nginx.conf
LABEL org.opencontainers.image.title="bccb web" \
    org.opencontainers.image.description="The page that people see." \
    org.opencontainers.image.source=https://github.com/adamsalah13/bccb \
    org.opencontainers.image.licenses=MIT \
    org.opencontainers.image.vendor="BCCB DevOps Team"
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
