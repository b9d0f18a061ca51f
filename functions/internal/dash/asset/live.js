// Keeps a page fresh: asks for it again every two seconds and swaps what is
// inside <main> when it changed. Without this script the page asks for itself
// by a meta refresh. Nothing is swapped while somebody is in a form.
(() => {
  const main = document.querySelector("main[data-tag]");
  if (!main) return;
  let busy = false;
  const kept = () => ({
    open: new Map([...main.querySelectorAll("details[id]")].map((d) => [d.id, d.open])),
    scroll: [...main.querySelectorAll(".scroll")].map((s) => s.scrollLeft),
    focus: document.activeElement && main.contains(document.activeElement)
      ? document.activeElement.id || document.activeElement.getAttribute("href") : null,
  });
  const restore = (was) => {
    main.querySelectorAll("details[id]").forEach((d) => { if (was.open.has(d.id)) d.open = was.open.get(d.id); });
    main.querySelectorAll(".scroll").forEach((s, i) => { if (was.scroll[i]) s.scrollLeft = was.scroll[i]; });
    if (!was.focus) return;
    const again = [...main.querySelectorAll("[id],[href]")]
      .find((e) => e.id === was.focus || e.getAttribute("href") === was.focus);
    if (again) again.focus({ preventScroll: true });
  };
  const look = async () => {
    if (busy || document.hidden || main.querySelector("form :focus")) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { "If-None-Match": main.dataset.tag, Accept: "text/html" }, cache: "no-store" });
      document.documentElement.dataset.live = "on";
      if (answer.status !== 200) return;
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = next.querySelector("main[data-tag]");
      if (!fresh || fresh.dataset.tag === main.dataset.tag || main.querySelector("form :focus")) return;
      const was = kept();
      main.replaceChildren(...fresh.childNodes);
      main.dataset.tag = fresh.dataset.tag;
      document.title = next.title;
      restore(was);
    } catch {
      document.documentElement.dataset.live = "off";
    } finally {
      busy = false;
    }
  };
  document.documentElement.dataset.live = "on";
  setInterval(look, 2000);
})();
