# check=error=true
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Build from the project root: docker build -f deploy/docker/app.Dockerfile .

# Signals and orphans: a small init process.
FROM alpine:3.24@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60 AS init
RUN apk add --no-cache tini-static=~0.19

# Packages.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS deps
WORKDIR /app
COPY --link package.json ./package.json
COPY --link pnpm-lock.yaml ./pnpm-lock.yaml
RUN --mount=type=cache,target=/root/.local/share/pnpm/store,sharing=locked \
    corepack enable \
    && pnpm install --frozen-lockfile --ignore-scripts

# Sources to a server.
FROM deps AS builder
ARG NEXT_PUBLIC_ENABLE_AUTH=false
ARG NEXT_PUBLIC_ENABLE_EXPORT=true
ENV NEXT_TELEMETRY_DISABLED=1 \
    NODE_ENV=production
COPY --link app ./app
COPY --link lib ./lib
COPY --link public ./public
COPY --link scripts ./scripts
COPY --link next.config.ts ./next.config.ts
COPY --link tsconfig.json ./tsconfig.json
RUN corepack enable \
    && pnpm run build

# Sources from the working tree, for development.
FROM deps AS dev
ENV HOSTNAME=0.0.0.0 \
    NEXT_TELEMETRY_DISABLED=1
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --link app ./app
COPY --link lib ./lib
COPY --link public ./public
COPY --link scripts ./scripts
COPY --link next.config.ts ./next.config.ts
COPY --link tsconfig.json ./tsconfig.json
RUN mkdir -p /app /app/data \
    && chown 1001:1001 /app /app/data
COPY --link --chmod=0555 deploy/docker/with-secrets.sh /usr/local/bin/with-secrets
COPY --link --chmod=0555 deploy/docker/app.check-env.sh /usr/local/bin/check-env
ENTRYPOINT ["/usr/local/bin/with-secrets", "/usr/local/bin/check-env"]

# What is started.
FROM node:22-alpine@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS runner
WORKDIR /app
ENV NODE_ENV=production \
    HOSTNAME=0.0.0.0 \
    NEXT_TELEMETRY_DISABLED=1
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --from=builder --link /app/.next/standalone ./
COPY --from=builder --link /app/.next/static ./.next/static
COPY --from=builder --link /app/public ./public
COPY --from=builder --link /app/dist ./dist
COPY --link lib/db/migrations ./lib/db/migrations
COPY --link package.json ./package.json

RUN mkdir -p /app/data \
    && chown 1001:1001 /app/data
COPY --link --chmod=0555 deploy/docker/with-secrets.sh /usr/local/bin/with-secrets
COPY --link --chmod=0555 deploy/docker/app.check-env.sh /usr/local/bin/check-env
LABEL org.opencontainers.image.title="ai-prompt-builder app" \
    org.opencontainers.image.description="Pages and API." \
    org.opencontainers.image.source=https://github.com/your-org/ai-prompt-builder
USER 1001:1001
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health"]
ENTRYPOINT ["/sbin/tini", "--", "/usr/local/bin/with-secrets", "/usr/local/bin/check-env"]
CMD ["node", "server.js"]
