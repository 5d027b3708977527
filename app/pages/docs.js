// Shows the contract with Swagger UI. It has its own file, because the pages allow no inline script.

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const follow = () => root.classList.toggle("dark-mode", dark.matches); // Swagger UI's own name
dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: "./openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  syntaxHighlight: { theme: "monokai" },
  validatorUrl: null, // or it would send the address of the contract to a service elsewhere
});
