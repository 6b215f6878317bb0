// What the page says until the app shows itself, what to do when it does not, and where it should not be opened at all.
// Browsers too old for the app must be able to read this file: nothing here is newer than 2016.
"use strict";

(() => {
  const PATIENCE_MS = 20000;
  const STAY = "hf.stay";
  const zh = navigator.language.indexOf("zh") === 0;
  const say = (chinese, english) => (zh ? chinese : english);

  // Web views inside another app: its cleaner takes what the page stored, and nothing can be installed.
  const HOSTS = [
    [/MicroMessenger|wxwork/i, say("微信", "WeChat")],
    [/DingTalk/i, say("钉钉", "DingTalk")],
    [/AlipayClient/i, say("支付宝", "Alipay")],
    [/Weibo/i, say("微博", "Weibo")],
    [/\bQQ\//i, "QQ"],
  ];

  function inside() {
    const host = HOSTS.find((each) => each[0].test(navigator.userAgent));
    return host ? host[1] : "";
  }

  function stays() {
    try {
      return sessionStorage.getItem(STAY) === "yes";
    } catch (_) {
      return true;
    }
  }

  // The style sheets are in layers (Chrome 99, Safari 15.4); the app's code needs no newer browser than they do.
  const isOld = typeof WebAssembly !== "object" || !window.indexedDB || typeof CSSLayerBlockRule === "undefined";
  const host = stays() ? "" : inside();
  const isHeld = !window.isSecureContext || isOld || host !== "";
  // The app looks at this before it starts.
  if (isHeld) document.documentElement.setAttribute("data-held", "");

  function line(face, text, name) {
    const words = document.createElement(name || "p");
    words.textContent = text;
    face.appendChild(words);
    return words;
  }

  function button(face, kind, text, act) {
    const control = document.createElement("button");
    control.type = "button";
    control.className = "button";
    control.setAttribute("data-kind", kind);
    control.textContent = text;
    control.addEventListener("click", () => act(control));
    face.appendChild(control);
  }

  function showAddress(face) {
    const address = line(face, location.origin);
    address.className = "opening__address";
  }

  function sayPlain(face) {
    line(face, say("这个网址不能用：要用 https:// 开头的。镇里给的启用码卡片上有。", "Open the address that begins with https://: it stands on the card with the code."), "h1");
  }

  function sayOld(face) {
    line(face, say("这个浏览器太旧，打不开双拥回访。", "This browser is too old for the app."), "h1");
    line(face, say("请先到应用市场把浏览器更新到最新；还不行，请用手机自带的浏览器，或找镇里的人帮忙装一个。", "Update it in the app market, or open this address in the phone's own browser."));
    showAddress(face);
  }

  function sayHosted(face) {
    line(face, say(`请不要在${host}里打开双拥回访。`, `Please do not open this app inside ${host}.`), "h1");
    line(face, say(`${host}会清掉网页里存的资料，没发送的走访会丢。`, `${host} clears what pages store: unsent visits would be lost.`));
    line(face, say("点右上角的「···」，选「在浏览器打开」。", "Press ··· at the top right and choose “Open in browser”."));
    showAddress(face);
    button(face, "primary", say("复制网址", "Copy the address"), (control) => {
      const done = () => { control.textContent = say("已复制，请到浏览器里粘贴", "Copied: paste it in the browser"); };
      const failed = () => { control.textContent = say("复制不了，请照上面的网址输入", "Not copied: type the address above"); };
      if (!navigator.clipboard) failed();
      else navigator.clipboard.writeText(location.href).then(done, failed);
    });
    button(face, "quiet", say("仍在这里打开", "Open it here all the same"), () => {
      sessionStorage.setItem(STAY, "yes");
      location.reload();
    });
  }

  // No service worker serves this page, most often as it is the first visit: on a weak line it is minutes until the app shows itself.
  function sayFirst(face) {
    line(face, say("双拥回访", "Huifang"), "h1");
    line(face, say(
      "走访优抚家庭用的工作本。村里没有信号也能用：档案随身带，填的每一项、拍的每张照片都马上存在这部手机里，回到有信号的地方自己发到镇里。",
      "The notebook for visits to entitled families. It works where there is no signal: files come along, every answer and photo is on this phone at once, and goes to the office by itself when there is a signal again.",
    ));
    line(face, say(
      "第一次打开要下载约 1 MB，信号弱的时候请等一会儿。以后不用网络也能打开。",
      "The first time about 1 MB comes down, which takes a while on a weak line. After that it opens without a network.",
    ));
  }

  function sayOpening(face) {
    if (navigator.serviceWorker && !navigator.serviceWorker.controller) sayFirst(face);
    const words = line(face, say("正在打开…", "Opening…"));
    setTimeout(() => {
      words.textContent = say(
        "打开得太久了。请把这一页关掉再打开；还不行，请重启手机。没发送的资料都在手机里，不会丢。",
        "This takes too long. Close this page and open it again; if that does not help, restart the phone. What is unsent stays on the phone.",
      );
    }, PATIENCE_MS);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const face = document.getElementById("opening");
    if (!face) return;
    if (!window.isSecureContext) sayPlain(face);
    else if (isOld) sayOld(face);
    else if (host) sayHosted(face);
    else sayOpening(face);
  });
})();
