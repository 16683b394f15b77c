// @ts-check
// Runs before the first paint, hence not a module: sets the theme that this person chose.
(() => {
  const KEY = "acquis.theme";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      return localStorage.getItem(KEY) ?? "auto";
    } catch {
      return "auto"; // storage refused by the browser: follow the system
    }
  };
  const apply = () => {
    const choice = chosen();
    const theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.documentElement.setAttribute("data-theme-choice", choice);
  };

  // The exam room holds the desk in a frame: the frame shows the desk, not the way out of it.
  document.documentElement.toggleAttribute("data-framed", window.top !== window.self);

  document.addEventListener("acquis:theme", apply);
  dark.addEventListener("change", apply);
  apply();
})();
