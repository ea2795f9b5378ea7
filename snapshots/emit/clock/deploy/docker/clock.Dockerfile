# check=error=true
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Build from the project root: docker build -f deploy/docker/clock.Dockerfile .

# Signals and orphans: a small init process.
FROM alpine:3.24@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60 AS init
RUN apk add --no-cache tini-static=~0.19

# Modules, as `go.sum` knows them.
FROM golang:1.27-alpine@sha256:cf6fca6641884b8433441b2b0652976f975e1d0fdd26d177eaaf8596087f3125 AS deps
WORKDIR /src
COPY --link src/go.mod ./go.mod
RUN --mount=type=cache,target=/go/pkg/mod,sharing=locked go mod download

# Sources to one program that needs no library of the system.
FROM deps AS builder
ENV CGO_ENABLED=0
COPY --link src ./
RUN --mount=type=cache,target=/go/pkg/mod,sharing=locked \
    --mount=type=cache,target=/root/.cache/go-build,sharing=locked \
    go build -trimpath -ldflags=-s -o /out/app .

# What is started.
FROM alpine:3.24@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60 AS runner
WORKDIR /app
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --from=builder --link /out/app ./app

LABEL org.opencontainers.image.title=clock \
    org.opencontainers.image.description="Says what time it is, in the zone that it is told."
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health"]
ENTRYPOINT ["/sbin/tini", "--"]
CMD ["/app/app"]
