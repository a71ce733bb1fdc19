// The admin API of the node that has served this page. The token is kept for this tab alone and goes out as a header: no other page
// can have the browser send it.

import { el } from "./dom.js";

const key = "akkasocks-token";
const patience = 15_000;

/** What the API refused, with what to do about it. */
export class ApiError extends Error {
  constructor(status, kind, detail) {
    super(detail);
    this.status = status;
    this.kind = kind;
  }

  /** Only another token helps. */
  get needsToken() {
    return this.status === 401 || this.kind === "no-token-configured";
  }
}

export const token = {
  get: () => sessionStorage.getItem(key),
  set: value => sessionStorage.setItem(key, value),
  forget: () => sessionStorage.removeItem(key),
};

async function send(method, path, body, signal) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: { Authorization: `Bearer ${token.get() ?? ""}`, ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
      signal,
      cache: "no-store",
      credentials: "omit",
    });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    if (failure.name === "TimeoutError") throw new ApiError(0, "silent", "The node does not answer. Is it overloaded?");
    throw new ApiError(0, "unreachable", "The node cannot be reached. Is it running, and does the tunnel to it stand?");
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => null);
  throw new ApiError(
    answer.status,
    String(problem?.type ?? "").split(":").pop(),
    problem?.detail ?? `The node answered ${answer.status}.`);
}

/** Asks for a document. */
export const get = async path => (await send("GET", path, undefined, AbortSignal.timeout(patience))).json();

export const remove = path => send("DELETE", path, undefined, AbortSignal.timeout(patience));

export const post = async (path, body) => (await send("POST", path, body, AbortSignal.timeout(patience))).json();

/** Has the browser save a document as a file. */
export async function download(path, name) {
  const url = URL.createObjectURL(await (await send("GET", path)).blob());
  el("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/**
 * Reads events for ever: after a failure it tries again, with longer and longer pauses. EventSource can send no token, so the stream
 * is read here.
 * @param path the stream's.
 * @param onEvent called with the name and the document of each event.
 * @param onState called with true when the stream stands, and with the problem and the pause when it does not.
 */
export async function follow(path, onEvent, onState, signal) {
  for (let pause = 1; !signal.aborted;) {
    try {
      const answer = await send("GET", path, undefined, signal);
      onState(true);
      pause = 1;
      await read(answer.body, onEvent);
      throw new ApiError(0, "ended", "The node has closed the connection: it may be stopping.");
    } catch (problem) {
      if (signal.aborted) return;
      onState(false, problem, pause);
      if (problem.needsToken) return;
    }
    await new Promise(resume => setTimeout(resume, pause * 1000));
    pause = Math.min(pause * 2, 15);
  }
}

async function read(body, onEvent) {
  let rest = "";
  try {
    for await (const text of texts(body)) {
      rest += text;
      const frames = rest.split("\n\n");
      rest = frames.pop();
      for (const frame of frames) {
        const fields = Object.fromEntries(frame.split("\n").map(line => {
          const colon = line.indexOf(": ");
          return [line.slice(0, colon), line.slice(colon + 2)];
        }));
        if (fields.event && fields.data) onEvent(fields.event, JSON.parse(fields.data));
      }
    }
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new ApiError(0, "broken", "The connection to the node broke.");
  }
}

async function* texts(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
