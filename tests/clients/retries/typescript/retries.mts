// Creates an article once on a bad network: `node retries.mjs BASE_URL` prints how it went.
import createClient from "openapi-fetch";
import type { components, paths } from "./client/api.js";

declare const process: { argv: string[]; env: Record<string, string | undefined> };

type Article = components["schemas"]["Article"];
type ArticleCreate = components["schemas"]["ArticleCreate"];

const headers = { Authorization: `Bearer ${process.env.API_TOKEN}` };
const blog = createClient<paths>({ baseUrl: process.argv[2]!, headers });

async function createOnce(body: ArticleCreate): Promise<Article> {
  const header = { "Idempotency-Key": crypto.randomUUID() }; // the same for each attempt
  for (let pause of [0.1, 0.5, 2, 8]) {
    // where fetch throws, nobody knows whether it has happened
    const sent = await blog.POST("/articles", { params: { header }, body }).catch(() => undefined);
    if (sent?.data) return sent.data;
    if (sent && ![409, 429, 503].includes(sent.response.status)) throw new Error(sent.error?.detail);
    pause = Number(sent?.response.headers.get("Retry-After") ?? pause);
    await new Promise((resolve) => setTimeout(resolve, 1000 * pause));
  }
  throw new Error("the article may exist: try again with the same key");
}

const { data: author } = await blog.POST("/authors", { body: { first_name: "Ada", last_name: "Lovelace" } });
const created = await createOnce({ title: "Note G", content: "Step by step.", author_id: author!.id });
const { data: page } = await blog.GET("/articles", { params: { query: { author_id: author!.id } } });
console.log(JSON.stringify({ created: created.title, stored: page!.items.map((article) => article.title) }));
