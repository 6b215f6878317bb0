// The one Trusted Types policy: what may become a script's address, and what may become HTML.
// Leptos sets its static templates through innerHTML; nothing else does.
"use strict";

if (window.trustedTypes) {
  const worker = document.querySelector('meta[name="huifang-worker"]')?.content ?? "";
  const scripts = ["/sw.js", "/huifang-worker_loader.js", `/${worker}/huifang-worker_loader.js`];
  const refused = /<script|[\s"'/]on\w+\s*=|javascript:|<iframe|<object|<embed|<base|<meta|<link/i;
  trustedTypes.createPolicy("default", {
    createHTML(text) {
      if (refused.test(text)) throw new TypeError("not a template of the app");
      return text;
    },
    createScriptURL(url) {
      const { origin, pathname } = new URL(url, location.origin);
      if (origin !== location.origin || !scripts.includes(pathname)) throw new TypeError("not a script of the app");
      return url;
    },
  });
}
