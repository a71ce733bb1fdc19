// Before the page is painted, so that it does not flash in the other colours. Only whether it is light or dark is remembered.
(() => {
  const key = "akkasocks-theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    const theme = localStorage.getItem(key);
    return theme === "light" || theme === "dark" ? theme : null;
  };
  const apply = () => {
    root.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
    dispatchEvent(new Event("themechange"));
  };
  system.addEventListener("change", apply);
  addEventListener("storage", event => { if (event.key === key) apply(); });
  globalThis.turnTheme = () => {
    localStorage.setItem(key, root.dataset.theme === "dark" ? "light" : "dark");
    apply();
  };
  apply();
})();
