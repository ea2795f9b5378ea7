# check=error=true
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Build from the project root: docker build -f release/docker/stackc.Dockerfile .

# Signals and orphans: a small init process.
FROM alpine:3.24@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60 AS init
RUN apk add --no-cache tini-static=~0.19

# The tool chain, and the packages that are named.
FROM rust:1.98-alpine@sha256:a10e64dd139b7387337c7fbe8aca31b959b57b2fd4c8ae20a02cf1d6ea424dce AS deps
WORKDIR /src
COPY --link Cargo.toml ./Cargo.toml
COPY --link Cargo.lock ./Cargo.lock

# Sources to one program that needs no library of the system; what was compiled before is kept between builds.
FROM deps AS builder
COPY --link build.rs ./build.rs
COPY --link src ./src
COPY --link stdlib ./stdlib
COPY --link book/src/codes ./book/src/codes
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked --bin stackc \
    && mkdir -p /out \
    && cp target/release/stackc /out/app

# What is started.
FROM alpine:3.24@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60 AS runner
WORKDIR /app
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --from=builder --link /out/app ./app

LABEL org.opencontainers.image.title=stackc \
    org.opencontainers.image.description="The compiler as an image, for projects whose machines have no stackc: the project is mounted at /project." \
    org.opencontainers.image.source=https://github.com/stackc/stackc \
    org.opencontainers.image.licenses="MIT OR Apache-2.0"
USER 10001:10001
HEALTHCHECK NONE
ENTRYPOINT ["/sbin/tini", "--"]
CMD ["/app/app", "build", "/project", "--check"]
