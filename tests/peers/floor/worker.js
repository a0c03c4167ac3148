// The floor under live edits: a message is stored, then relayed to everyone else. Nothing else is done with it.
import { DurableObject } from 'cloudflare:workers';

export class Relay extends DurableObject {
  constructor(state, env) {
    super(state, env);
    state.storage.sql.exec('CREATE TABLE IF NOT EXISTS log (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL)');
  }

  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(from, message) {
    this.ctx.storage.sql.exec('INSERT INTO log (bytes) VALUES (?)', message);
    for (const socket of this.ctx.getWebSockets()) if (socket !== from) socket.send(message);
  }
}

export default {
  fetch(request, env) {
    if (request.headers.get('upgrade') !== 'websocket') return new Response('ready');
    return env.RELAY.get(env.RELAY.idFromName('one')).fetch(request);
  },
};
