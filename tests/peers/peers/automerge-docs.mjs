import am from '../lib/am.mjs';
export const { server, client } = am({ mode: 'docs' });
