// Runs before the page is painted: the chosen theme, with no flash of the other one.
"use strict";

(() => {
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];

  const remembered = () => {
    try {
      const theme = localStorage.getItem("theme");
      return order.includes(theme) ? theme : "auto";
    } catch {
      return "auto"; // storage is off: the system's theme it is
    }
  };

  const show = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };

  const choose = (theme) => {
    show(theme);
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // not remembered, but shown
    }
  };

  root.classList.add("js");
  show(remembered());

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-switch]");
    if (!button) return;
    const next = order[(order.indexOf(remembered()) + 1) % order.length];
    choose(next);
    button.querySelector("[data-theme-name]").textContent = button.dataset[next];
  });

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-switch]");
    if (button) button.querySelector("[data-theme-name]").textContent = button.dataset[remembered()];
  });
})();
