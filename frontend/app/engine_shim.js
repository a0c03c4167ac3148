// The engine's Web Worker begins here: a classic worker, started with `new Worker(<meta name="engine">'s content)`.
//
// Messages that arrive before the wasm is up are queued. When the engine is up, Rust calls once
//
//     self.__engine(handler, ready)
//
// and from then on `handler(event, port)` gets every message, the queued ones first and in order; `port` is where to
// answer (`self` in a dedicated worker). `ready`, unless undefined or null, is posted to the page at once.
// If the engine cannot start, the page's Worker object gets an `error` event.
'use strict';
const GLUE = '/engine.js';
const WASM = '/engine_bg.wasm';
const PAIR = '@engine-pair';

self.trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => {
    if (url === GLUE) return url;
    throw new TypeError(`script refused: ${url}`);
  },
});

let queue = [];
let handler = null;
let ready = null;
const ports = [];
const receive = (event, port) => (handler ? handler(event, port) : queue.push([event, port]));
const greet = (port) => ready != null && port.postMessage(ready);

if ('onconnect' in self) {
  self.onconnect = (event) => {
    const port = event.ports[0];
    ports.push(port);
    port.onmessage = (message) => receive(message, port);
    greet(port);
  };
} else {
  ports.push(self);
  self.onmessage = (event) => receive(event, self);
}

self.__engine = (newHandler, newReady) => {
  handler = newHandler;
  ready = newReady;
  ports.forEach(greet);
  const waiting = queue;
  queue = [];
  for (const [event, port] of waiting) handler(event, port);
};

// A rejected promise is silent outside of the worker, an error thrown from a timer is not.
const fail = (error) => setTimeout(() => { throw error; });

async function start() {
  const module = await WebAssembly.compileStreaming(fetch(WASM));
  const stamp = WebAssembly.Module.customSections(module, 'terrain.pair')[0];
  if (self.terrainPair !== PAIR || !stamp || new TextDecoder().decode(stamp) !== PAIR) {
    new BroadcastChannel('terrain.boot').postMessage('mixed');
    throw new Error('engine files are of different builds');
  }
  await wasm_bindgen({ module_or_path: module });
}

importScripts(GLUE);
start().catch(fail);
