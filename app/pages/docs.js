// Shows the contract with Swagger UI. It stands in a file of its own because the pages allow no inline script.

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches); // Swagger UI's own name
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
