// The databases of a device as one JSON text, and back: what a released version left on people's tablets.

/** Everything in IndexedDB at the page's origin. */
export function readDatabases(page) {
  return page.evaluate(async () => {
    const ask = (request) => new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
    const plain = (value) => {
      if (value instanceof ArrayBuffer) return { buffer: btoa(String.fromCharCode(...new Uint8Array(value))) };
      if (ArrayBuffer.isView(value)) return { bytes: btoa(String.fromCharCode(...value)) };
      return { json: value };
    };
    const databases = [];
    for (const { name, version } of await indexedDB.databases()) {
      const database = await ask(indexedDB.open(name));
      const stores = [];
      for (const store of database.objectStoreNames) {
        const transaction = database.transaction(store);
        const { keyPath, autoIncrement } = transaction.objectStore(store);
        const keys = await ask(transaction.objectStore(store).getAllKeys());
        const values = await ask(transaction.objectStore(store).getAll());
        stores.push({ store, keyPath, autoIncrement, records: keys.map((key, at) => [plain(key), plain(values[at])]) });
      }
      database.close();
      databases.push({ name, version, stores });
    }
    return databases;
  });
}

/** Makes these databases at the page's origin. */
export function writeDatabases(page, databases) {
  return page.evaluate(async (databases) => {
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const value = ({ buffer, bytes: view, json }) => {
      if (buffer !== undefined) return bytes(buffer).buffer;
      return view === undefined ? json : bytes(view);
    };
    for (const { name, version, stores } of databases) {
      await new Promise((done, fail) => {
        const request = indexedDB.open(name, version);
        request.onupgradeneeded = () => {
          for (const { store, keyPath, autoIncrement } of stores) request.result.createObjectStore(store, { keyPath, autoIncrement });
        };
        request.onerror = () => fail(request.error);
        request.onsuccess = () => {
          const database = request.result;
          const transaction = database.transaction(stores.map(({ store }) => store), 'readwrite');
          for (const { store, records } of stores) {
            for (const [key, kept] of records) transaction.objectStore(store).put(value(kept), value(key));
          }
          transaction.oncomplete = () => { database.close(); done(); };
          transaction.onabort = () => fail(transaction.error);
        };
      });
    }
  }, databases);
}
