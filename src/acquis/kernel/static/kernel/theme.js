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

  document.addEventListener("acquis:theme", apply);
  dark.addEventListener("change", apply);
  apply();
})();
