# check=error=true
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Build from the project root: docker build -f deploy/docker/frontend-development.Dockerfile .

# Signals and orphans: a small init process.
FROM alpine:3.24@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60 AS init
RUN apk add --no-cache tini-static=~0.19

# All packages, to compile with.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS deps
WORKDIR /app
ENV PUPPETEER_SKIP_DOWNLOAD=true \
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=true \
    CYPRESS_INSTALL_BINARY=0
COPY --link package.json ./package.json
COPY --link package-lock.json ./package-lock.json
COPY --link backend/package.json ./backend/package.json
COPY --link frontend/package.json ./frontend/package.json
RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci --ignore-scripts --no-audit --no-fund

# Sources to a server; what browsers see is baked in here.
FROM deps AS builder
ARG NEXT_PUBLIC_API_URL=http://localhost:8080
ARG NEXT_PUBLIC_WS_URL=ws://localhost:8080
ARG NEXT_PUBLIC_CDN_URL=https://cdn.example.com
ARG NEXT_PUBLIC_IMAGE_DOMAINS=localhost,cdn.example.com
ARG NEXT_PUBLIC_ENABLE_ANALYTICS=true
ARG NEXT_PUBLIC_ENABLE_VOICE_INTERFACE=false
ARG NEXT_PUBLIC_ENABLE_DEBUG_PANEL=false
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1
COPY --link frontend ./frontend
RUN npm run build --workspace frontend

# Sources from the working tree, for development.
FROM deps AS dev
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --link frontend ./frontend
RUN mkdir -p /app \
    && chown 1001:1001 /app
COPY --link --chmod=0555 deploy/docker/frontend-development.check-env.sh /usr/local/bin/check-env
ENTRYPOINT ["/usr/local/bin/check-env"]

# What is started.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS runner
WORKDIR /app
ENV NODE_ENV=production \
    HOSTNAME=0.0.0.0 \
    NEXT_TELEMETRY_DISABLED=1
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --from=builder --link /app/frontend/.next/standalone ./
COPY --from=builder --link /app/frontend/.next/static ./frontend/.next/static
COPY --from=builder --link /app/frontend/public ./frontend/public
COPY --from=builder --link /app/frontend/smoke.mjs ./frontend/smoke.mjs

COPY --link --chmod=0555 deploy/docker/frontend-development.check-env.sh /usr/local/bin/check-env
LABEL org.opencontainers.image.title="prompt-card frontend-development" \
    org.opencontainers.image.description="The page that people see: Next.js in standalone mode." \
    org.opencontainers.image.source=https://github.com/acme/prompt-card
USER 1001:1001
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"]
ENTRYPOINT ["/sbin/tini", "--", "/usr/local/bin/check-env"]
CMD ["node", "frontend/server.js"]
