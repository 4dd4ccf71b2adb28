// Starts the built server on a free port of the loopback interface, with data of its own.
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const authorToken = "the author token of the browser suite";

// startApp serves the site with the fixed questions.
export async function startApp() {
  const folder = await mkdtemp(join(tmpdir(), "rehearse-e2e-"));
  return start(folder, [
    "serve", "--addr", "localhost:0", "--database", join(folder, "test.db"), "--content", at("e2e/content"), "--author-token", authorToken, "--dev",
  ]);
}

// startShipped serves the content that ships.
export async function startShipped() {
  const folder = await mkdtemp(join(tmpdir(), "rehearse-e2e-"));
  return start(folder, ["serve", "--addr", "localhost:0", "--database", join(folder, "test.db")]);
}

// startPreview previews a copy of the fixed questions, whose file is in its property file.
export async function startPreview() {
  const folder = await mkdtemp(join(tmpdir(), "rehearse-e2e-"));
  await cp(at("e2e/content"), folder, { recursive: true });
  return { ...(await start(folder, ["preview", "--addr", "localhost:0", folder])), file: join(folder, "questions/shelf.md") };
}

async function start(folder, args) {
  const server = spawn(at("bin/rehearse"), args, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const ended = new Promise((resolve) => server.on("exit", (code, signal) => resolve(code ?? signal)));
  const url = await new Promise((resolve, reject) => {
    const read = (data) => {
      log += data;
      const address = log.match(/http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+/);
      if (address) resolve(address[0]);
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.on("error", reject);
    ended.then((code) => reject(new Error(`the server ended with code ${code}\n${log}`)));
    setTimeout(() => reject(new Error(`the server did not say its address within 60 s\n${log}`)), 60_000).unref();
  });
  await ready(url);
  return {
    url,
    log: () => log,
    async stop() {
      server.kill("SIGTERM");
      const code = await ended;
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}

async function ready(url) {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    if (tries > 300) throw new Error(`${url}/readyz is not ready after 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
