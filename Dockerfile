# The example service as an image: docker build --tag allswell-example .
# `npm run verify:image` replays these instructions in plain folders, so use only those that it supports; it lists them.

# Manifests alone, so that this layer is rebuilt only when a dependency changes.
FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY examples/app/package.json examples/app/

# A tag moves. For reproducible builds append the digest of the base image, in both FROM lines that name it:
# FROM node:24-bookworm-slim@sha256:… , which `docker buildx imagetools inspect node:24-bookworm-slim` prints.

# What the compiler needs.
FROM manifests AS build
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/declarations.mjs scripts/thread-program.mjs scripts/
COPY src src
COPY examples/tsconfig.json examples/
COPY examples/app examples/app
RUN npm run build:examples

# What the service needs: no dev dependency, and nothing that only a compiler or a debugger of libraries reads.
FROM manifests AS production
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspace examples/app
# The manifests name only what is installed, so that `npm sbom` in this folder lists what the image contains.
RUN npm pkg delete devDependencies --workspaces --include-workspace-root
COPY --from=build /app/dist dist
COPY --from=build /app/build/examples/app build/examples/app
COPY examples/app/migrations examples/app/migrations
RUN find . -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' \) -delete

FROM node:24-bookworm-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="allswell-example-app" \
      org.opencontainers.image.description="A small service with health checks, ready to be copied and deployed." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# By default V8 takes 259 MiB for its heap however small the container is, and half of the memory above 512 MiB. This flag,
# in Node since 22.21, makes it 60 % of the container's limit: 156 MiB of 256, 310 of 512. The rest is for buffers, code,
# stacks and the young generation. As an environment variable it applies to every command, and a deploy can override it.
ENV NODE_ENV=production \
    NODE_OPTIONS=--max-old-space-size-percentage=60
WORKDIR /app
COPY --from=production /app ./
COPY LICENSE ./
# The user `node` of the base image, as a number: Kubernetes' runAsNonRoot cannot look up a name.
USER 1000:1000
EXPOSE 4000 9091
STOPSIGNAL SIGTERM
# Liveness: Swarm and autoheal replace what is unhealthy, which helps no database. In a shell, because the deploy sets HOST
# and PORT: loopback, unless HOST is one address. The probe's own 3 s are less than --timeout, so that it can print the reason.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD \
  case "${HOST:-::}" in ::|0.0.0.0) host=127.0.0.1 ;; *:*) host="[$HOST]" ;; *) host=$HOST ;; esac; \
  exec node dist/cli/allswell.js probe "http://$host:${PORT:-4000}/api/v1/health/live"
# Exec form: node itself is the first process and gets the signals.
CMD ["node", "build/examples/app/server.js"]
