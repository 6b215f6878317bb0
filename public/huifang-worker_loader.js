// Starts the worker. Trusted Types hold in here too: its own script is the one address that may become a script.
"use strict";

self.trustedTypes?.createPolicy("default", {
  createScriptURL(url) {
    if (url !== "./huifang-worker.js") throw new TypeError("not a script of the app");
    return url;
  },
});
importScripts("./huifang-worker.js");
wasm_bindgen({ module_or_path: "./huifang-worker_bg.wasm" });
