// @ts-check
// In a desk, the palette finds what is in that desk.

const address = document.querySelector("[data-desk-palette]")?.getAttribute("data-desk-palette");
if (address) document.body.dataset.paletteUrl = address;
