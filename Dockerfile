# Production image: the server's source runs by type stripping; only the web is built.
# NODE_IMAGE may name a mirror's copy of the same image.
ARG NODE_IMAGE=node:26-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings Node 26 itself; the pinned copies of optionalDependencies are for machines that do not.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

# The bundler's own programs come as optional packages, so the web is built apart from what the server needs.
FROM ${NODE_IMAGE} AS web
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY evaluation ./evaluation
COPY src ./src
RUN node src/web-build/run.ts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json package-lock.json LICENSE ./
COPY migrations ./migrations
COPY evaluation ./evaluation
COPY src ./src
COPY --from=web /app/web-build ./web-build
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
# SIGTERM: running requests and uploads end first (10 s), then the database closes.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/cli/serve.ts"]
