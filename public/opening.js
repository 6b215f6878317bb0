// What the page says until the app shows itself, and what to do when it does not.
"use strict";

const PATIENCE_MS = 20_000;
const words = navigator.language.startsWith("zh")
  ? {
      opening: "正在打开…",
      late: "打开得太久了。请把这一页关掉再打开；还不行，请重启手机。没发送的资料都在手机里，不会丢。",
      plain: "请用 https:// 开头的网址打开：镇里给的启用码卡片上有。",
      old: "这个浏览器太旧，打不开双拥回访。请用手机自带的浏览器，或先把浏览器更新到最新。",
    }
  : {
      opening: "Opening…",
      late: "This takes too long. Close this page and open it again; if that does not help, restart the phone. What is unsent stays on the phone.",
      plain: "Open the address that begins with https://: it stands on the card with the code.",
      old: "This browser is too old for the app. Use the phone's own browser, or update this one.",
    };

document.addEventListener("DOMContentLoaded", () => {
  const face = document.getElementById("opening");
  const say = (text) => {
    if (face?.isConnected) face.textContent = text;
  };
  const isOld = typeof WebAssembly !== "object" || !window.indexedDB;
  if (!window.isSecureContext) say(words.plain);
  else if (isOld) say(words.old);
  else {
    say(words.opening);
    setTimeout(() => say(words.late), PATIENCE_MS);
  }
});
