// Fastify as its documentation writes it: JSON Schema in and out, a pool of pg. Argument: the port.
import Fastify from "fastify";
import pg from "pg";

const columns = "id, title, summary, content, author_id, created_at, updated_at";
const newestFirst = "ORDER BY created_at DESC, id DESC LIMIT $1";

pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// The text of PostgreSQL, in UTC, has all the microseconds; a Date of JavaScript has not.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => text.replace(" ", "T").replace("+00", "Z"));

const pool = new pg.Pool({
  connectionString: process.env.BLOG_DATABASE_URL.replace("+asyncpg", ""),
  max: 10,
  options: "-c timezone=UTC",
});

const articleCreate = {
  type: "object",
  additionalProperties: false,
  required: ["title", "content", "author_id"],
  properties: {
    title: { type: "string", minLength: 1, maxLength: 200 },
    summary: { type: "string", nullable: true, maxLength: 500 },
    content: { type: "string", minLength: 1, maxLength: 100000 },
    author_id: { type: "integer", minimum: 1 },
  },
};
const article = {
  type: "object",
  properties: {
    id: { type: "integer" },
    title: { type: "string" },
    summary: { type: "string", nullable: true },
    content: { type: "string" },
    author_id: { type: "integer" },
    created_at: { type: "string" },
    updated_at: { type: "string" },
  },
};
const articlePage = {
  type: "object",
  properties: {
    items: { type: "array", items: article },
    next_cursor: { type: "string", nullable: true },
  },
};
const listQuery = {
  type: "object",
  properties: {
    limit: { type: "integer", minimum: 1, maximum: 100, default: 20 },
    cursor: { type: "string" },
    author_id: { type: "integer" },
  },
};
const path = { type: "object", properties: { article_id: { type: "integer" } } };

const encode = (row) => Buffer.from(JSON.stringify([row.created_at, row.id])).toString("base64url");
const decode = (cursor) => JSON.parse(Buffer.from(cursor, "base64url"));

const app = Fastify();

app.get("/articles/:article_id", { schema: { params: path, response: { 200: article } } }, async (request, reply) => {
  const { rows } = await pool.query({
    name: "get_article",
    text: `SELECT ${columns} FROM articles WHERE id = $1`,
    values: [request.params.article_id],
  });
  return rows[0] ?? problem(reply, 404, "Article not found");
});

app.get("/articles", { schema: { querystring: listQuery, response: { 200: articlePage } } }, async (request) => {
  const { limit, cursor, author_id } = request.query;
  const { rows } = await pool.query(
    author_id
      ? {
          name: "articles_of_author",
          text: `SELECT ${columns} FROM articles WHERE author_id = $2 ${newestFirst}`,
          values: [limit + 1, author_id],
        }
      : cursor
      ? {
          name: "next_articles",
          text: `SELECT ${columns} FROM articles WHERE (created_at, id) < ($2, $3) ${newestFirst}`,
          values: [limit + 1, ...decode(cursor)],
        }
      : {
          name: "list_articles",
          text: `SELECT ${columns} FROM articles ${newestFirst}`,
          values: [limit + 1],
        },
  );
  const next_cursor = rows.length > limit ? encode(rows[limit - 1]) : null;
  return { items: rows.slice(0, limit), next_cursor };
});

app.post("/articles", { schema: { body: articleCreate, response: { 201: article } } }, async (request, reply) => {
  const { title, summary = null, content, author_id } = request.body;
  const { rows } = await pool.query({
    name: "create_article",
    text: `INSERT INTO articles (title, summary, content, author_id) VALUES ($1, $2, $3, $4)
      RETURNING ${columns}`,
    values: [title, summary, content, author_id],
  });
  reply.code(201);
  return rows[0];
});

app.setErrorHandler((error, request, reply) =>
  problem(reply, error.validation ? 422 : (error.statusCode ?? 500), error.message),
);

function problem(reply, status, title) {
  return reply.code(status).type("application/problem+json").send({ title, status });
}

await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
process.on("SIGTERM", () => app.close().then(() => pool.end()));
