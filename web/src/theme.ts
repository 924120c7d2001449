/** A button that switches between dark and light, and remembers it. */

const KEY = "kg-theme";

export function theme(): void {
  const button = document.querySelector<HTMLButtonElement>(".theme");
  const kept = localStorage.getItem(KEY);
  if (kept) document.documentElement.dataset.theme = kept;
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = isDark();
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem(KEY, dark ? "light" : "dark");
    document.dispatchEvent(new Event("themechange"));
  });
}

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}
