# One build for all images: docker build --target payment --tag holdfast/payment .
# Targets: orchestrator, reservation, payment, balance, token, gateway, provision.
ARG NODE=node:22.21.1-bookworm-slim

FROM ${NODE} AS build
ENV CI=true
WORKDIR /holdfast
# What the lockfile names is fetched before the sources come, so that a change to these fetches nothing.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx -y pnpm@12.21.0 fetch
COPY . .
RUN node launcher/bootstrap.mjs build
# Each package with what it needs at run time, and nothing else.
RUN for package in orchestrator reservation payment balance token gateway provision; do \
      npx -y pnpm@12.21.0 --filter "@holdfast/$package" deploy --prod --legacy "/images/$package" || exit 1; \
    done

FROM ${NODE} AS runtime
# Names are looked up on libuv's threads, of which there are four: those of a broker that is gone may take seconds each, and
# nothing else would find its way meanwhile.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 UV_THREADPOOL_SIZE=32
USER node
CMD ["node", "--enable-source-maps", "dist/main.js"]

FROM runtime AS orchestrator
WORKDIR /app/orchestrator
COPY --from=build /images/orchestrator .

FROM runtime AS reservation
WORKDIR /app/reservation
COPY --from=build /images/reservation .

FROM runtime AS payment
WORKDIR /app/payment
COPY --from=build /images/payment .

FROM runtime AS balance
WORKDIR /app/balance
COPY --from=build /images/balance .

FROM runtime AS token
WORKDIR /app/token
COPY --from=build /images/token .

FROM runtime AS provision
WORKDIR /app/provision
COPY --from=build /images/provision .

# The one origin: the API, the buyer's page and the console.
FROM runtime AS gateway
WORKDIR /app/gateway
COPY --from=build /holdfast/site/dist/site /app/site/dist/site
COPY --from=build /holdfast/console/dist/site /app/console/dist/site
COPY --from=build /images/gateway .
