# check=error=true
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Build from the project root: docker build -f deploy/docker/notes.Dockerfile .

# Signals and orphans: a small init process.
FROM alpine:3.24@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60 AS init
RUN apk add --no-cache tini-static=~0.19

# All packages, to compile with.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS deps
WORKDIR /app
COPY --link package.json ./package.json
COPY --link package-lock.json ./package-lock.json
RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci --ignore-scripts --no-audit --no-fund

# Sources to JavaScript.
FROM deps AS builder
COPY --link src ./src
COPY --link tsconfig.json ./tsconfig.json
RUN npm run build

# Only the packages that run.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS production
WORKDIR /app
COPY --link package.json ./package.json
COPY --link package-lock.json ./package-lock.json
RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci --ignore-scripts --no-audit --no-fund --omit=dev

# Sources from the working tree, for development.
FROM deps AS dev
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --link src ./src
COPY --link tsconfig.json ./tsconfig.json
RUN mkdir -p /app \
    && chown 10001:10001 /app
COPY --link --chmod=0555 deploy/docker/with-secrets.sh /usr/local/bin/with-secrets
ENTRYPOINT ["/usr/local/bin/with-secrets"]

# What is started.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS runner
WORKDIR /app
ENV NODE_ENV=production
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --from=production --link /app/node_modules ./node_modules
COPY --from=production --link /app/package.json ./package.json
COPY --from=builder --link /app/dist ./dist

COPY --link --chmod=0555 deploy/docker/with-secrets.sh /usr/local/bin/with-secrets
LABEL org.opencontainers.image.title=notes \
    org.opencontainers.image.description="Notes over HTTP." \
    org.opencontainers.image.source=https://github.com/acme/notes \
    org.opencontainers.image.licenses=MIT \
    org.opencontainers.image.vendor=Acme
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"]
ENTRYPOINT ["/sbin/tini", "--", "/usr/local/bin/with-secrets"]
CMD ["node", "dist/server.js"]
