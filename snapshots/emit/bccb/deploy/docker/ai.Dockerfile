# check=error=true
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Build from the project root: docker build -f deploy/docker/ai.Dockerfile .

# Signals and orphans: a small init process.
FROM alpine:3.24@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60 AS init
RUN apk add --no-cache tini-static=~0.19

# Packages, in an environment of their own.
FROM python:3.13-slim@sha256:9662417aace5ae7b8e2609cce472b72a8958e134ba372808abe9cc1a0c0125e6 AS deps
WORKDIR /app
COPY --link packages/ai-engine/requirements.txt ./requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip,sharing=locked \
    python -m venv /venv \
    && /venv/bin/pip install --require-hashes --requirement requirements.txt

# Sources from the working tree, for development.
FROM deps AS dev
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --link packages/ai-engine/src ./src
COPY --link packages/ai-engine/models ./models
COPY --link --chmod=0555 deploy/docker/with-secrets.sh /usr/local/bin/with-secrets
ENTRYPOINT ["/usr/local/bin/with-secrets"]

# What is started.
FROM python:3.13-slim@sha256:9662417aace5ae7b8e2609cce472b72a8958e134ba372808abe9cc1a0c0125e6 AS runner
WORKDIR /app
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=init --link /sbin/tini-static /sbin/tini
COPY --from=deps --link /venv /venv
COPY --link packages/ai-engine/src ./src
COPY --link packages/ai-engine/models ./models

COPY --link --chmod=0555 deploy/docker/with-secrets.sh /usr/local/bin/with-secrets
LABEL org.opencontainers.image.title="bccb ai" \
    org.opencontainers.image.description="Skills from texts." \
    org.opencontainers.image.source=https://github.com/adamsalah13/bccb \
    org.opencontainers.image.licenses=MIT \
    org.opencontainers.image.vendor="BCCB DevOps Team"
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python3", "-c", "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])", "http://127.0.0.1:8000/health"]
ENTRYPOINT ["/sbin/tini", "--", "/usr/local/bin/with-secrets"]
CMD ["/venv/bin/uvicorn", "src.main:app", "--host", "0.0.0.0", "--port", "8000", "--no-server-header"]
