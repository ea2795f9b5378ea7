// Starts the server and stops it without losing a request.
import { createServer } from "node:http";
import { app } from "./app.js";
import { logger } from "./log.js";
import { settings } from "./settings.js";
import { connect } from "./stores.js";

const read = settings();
const log = logger(read.level);
const stores = await connect(read, log);
const server = createServer(app(read, stores, log));
server.listen(read.port, () => log.info("listening", { port: read.port, frontend: read.frontendUrl }));

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => server.close(() => stores.close().then(() => process.exit(0))));
}
