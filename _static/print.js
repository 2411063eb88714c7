// Print in the light theme even if the page is shown in the dark one.
(() => {
  const root = document.documentElement.dataset;
  let theme;
  addEventListener('beforeprint', () => { theme = root.theme; root.theme = 'light'; });
  addEventListener('afterprint', () => { root.theme = theme; });
})();
