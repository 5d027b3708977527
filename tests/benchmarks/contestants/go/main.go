// A server that ogen generates from the contract, with pgx's pool. Argument: the port.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/ogen-go/ogen/ogenerrors"

	"benchmark/build/api"
)

const (
	columns = "id, title, summary, content, author_id, created_at, updated_at"
	get     = "SELECT " + columns + " FROM articles WHERE id = $1"
	newest  = " ORDER BY created_at DESC, id DESC LIMIT $1"
	page    = "SELECT " + columns + " FROM articles"
	post    = "INSERT INTO articles (title, summary, content, author_id) VALUES ($1, $2, $3, $4) RETURNING " + columns
)

type handler struct {
	api.UnimplementedHandler // what is not measured answers 501
	pool                     *pgxpool.Pool
}

func (h handler) GetArticle(ctx context.Context, params api.GetArticleParams) (api.GetArticleRes, error) {
	article, err := scanned(h.pool.QueryRow(ctx, get, params.ArticleID))
	if errors.Is(err, pgx.ErrNoRows) {
		id := uuid.New()
		missing := problem(http.StatusNotFound, "Article not found", id)
		return &api.ArticleNotFoundHeaders{XRequestID: id, Response: missing}, nil
	}
	return &api.GetArticleOKHeaders{XRequestID: uuid.New(), Response: article}, err
}

func (h handler) ListArticles(ctx context.Context, params api.ListArticlesParams) (api.ListArticlesRes, error) {
	limit := params.Limit.Or(20)
	arguments, conditions := []any{limit + 1}, []string{}
	if id, given := params.AuthorID.Get(); given {
		arguments, conditions = append(arguments, id), append(conditions, "author_id = $2")
	}
	if cursor, given := params.Cursor.Get(); given {
		last, err := decoded(cursor)
		if err != nil {
			return nil, err
		}
		behind := "(created_at, id) < ($2, $3)"
		if len(arguments) == 2 {
			behind = "(created_at, id) < ($3, $4)"
		}
		arguments, conditions = append(arguments, last.CreatedAt, last.ID), append(conditions, behind)
	}
	where := ""
	if len(conditions) > 0 {
		where = " WHERE " + strings.Join(conditions, " AND ")
	}
	rows, err := h.pool.Query(ctx, page+where+newest, arguments...)
	if err != nil {
		return nil, err
	}
	articles, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (api.Article, error) { return scanned(row) })
	if err != nil {
		return nil, err
	}
	found := api.ArticlePage{Items: articles, NextCursor: api.NilString{Null: true}}
	link := api.OptString{}
	if len(articles) > limit {
		found.Items = articles[:limit]
		cursor := encoded(articles[limit-1])
		found.NextCursor = api.NewNilString(cursor)
		link = api.NewOptString(`</articles?cursor=` + cursor + `>; rel="next"`)
	}
	return &api.ArticlePageHeaders{Link: link, XRequestID: uuid.New(), Response: found}, nil
}

func (h handler) CreateArticle(ctx context.Context, body *api.ArticleCreate) (api.CreateArticleRes, error) {
	var summary *string
	if text, given := body.Summary.Get(); given {
		summary = &text
	}
	article, err := scanned(h.pool.QueryRow(ctx, post, body.Title, summary, body.Content, body.AuthorID))
	return &api.ArticleHeaders{Location: "/articles", XRequestID: uuid.New(), Response: article}, err
}

// scanned reads the columns of an article, its times in UTC.
func scanned(row pgx.Row) (article api.Article, err error) {
	var summary *string
	err = row.Scan(&article.ID, &article.Title, &summary, &article.Content, &article.AuthorID,
		&article.CreatedAt, &article.UpdatedAt)
	if summary != nil {
		article.Summary = api.NewNilString(*summary)
	} else {
		article.Summary.Null = true
	}
	article.CreatedAt, article.UpdatedAt = article.CreatedAt.UTC(), article.UpdatedAt.UTC()
	return article, err
}

type place struct {
	CreatedAt time.Time
	ID        int64
}

func encoded(article api.Article) string {
	text, _ := json.Marshal(place{article.CreatedAt, article.ID}) // a time and a number: nothing that can fail
	return base64.RawURLEncoding.EncodeToString(text)
}

func decoded(cursor string) (last place, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, &last)
	}
	return last, err
}

func problem(status int, title string, id uuid.UUID) api.Problem {
	return api.Problem{Type: "about:blank", Title: title, Status: status, Detail: title, RequestID: id}
}

// refused answers a request that is not as the contract has it: ogen says 400 to everything by itself.
func refused(_ context.Context, w http.ResponseWriter, _ *http.Request, err error) {
	status := ogenerrors.ErrorCode(err)
	var body *ogenerrors.DecodeBodyError
	var request *ogenerrors.DecodeRequestError
	if errors.As(err, &body) || errors.As(err, &request) {
		status = http.StatusUnprocessableEntity
	}
	content := problem(status, err.Error(), uuid.New())
	text, _ := content.MarshalJSON()
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	config, err := pgxpool.ParseConfig(strings.Replace(os.Getenv("BLOG_DATABASE_URL"), "+asyncpg", "", 1))
	if err != nil {
		log.Fatal(err)
	}
	config.MinConns, config.MaxConns = 10, 10
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	handler, err := api.NewServer(handler{pool: pool}, api.WithErrorHandler(refused))
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: "127.0.0.1:" + os.Args[1], Handler: handler}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}
