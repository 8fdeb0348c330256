# One image for every service; the command says which: studio start router|state|agent planner|agent builder|gateway
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs --force

FROM node:20-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  # Mounted workspaces belong to a user of the host machine, whom git would not trust.
  && git config --system --add safe.directory '*'
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/bin ./bin
COPY --from=build /app/dist ./dist
# Drives the browser of checks in one, where an image made from this has a browser (apt-get install -y chromium).
COPY --from=build /app/node_modules/playwright-core ./node_modules/playwright-core
COPY --from=build /app/data ./data
COPY --from=build /app/recipes ./recipes
# Worktrees and caches of this container; nothing in it is needed again when it is gone. Open to every user, because
# the container runs as the one who owns the mounted workspaces.
RUN install -d -m 1777 /var/lib/studio
ENV NODE_ENV=production PATH=/app/bin:$PATH HOME=/var/lib/studio STUDIO_DIR=/var/lib/studio/.studio
USER node
ENTRYPOINT ["studio"]
CMD ["--help"]
