// What a browser tab keeps, for tests without a browser.

/** @param {string} way How the person came to the page: "reload" or "navigate". */
export function storage(way = "navigate") {
  const kept = new Map();
  Object.defineProperty(globalThis, "sessionStorage", {
    configurable: true,
    value: {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
      removeItem: (/** @type {string} */ key) => void kept.delete(key),
    },
  });
  performance.getEntriesByType = () => /** @type {any} */ ([{ type: way }]);
}
