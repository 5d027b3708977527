// Drives the generated package: `drive BASE_URL` prints its results as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/oapi-codegen/nullable"

	blog "drive/client"
)

var ada = blog.AuthorCreate{FirstName: "Ada", LastName: "Lovelace"}

type driver struct {
	context.Context
	*blog.ClientWithResponses
	anonymous *blog.ClientWithResponses
}

func main() {
	client, err := blog.NewClientWithResponses(os.Args[1], blog.WithRequestEditorFn(authenticate))
	must(err)
	anonymous, err := blog.NewClientWithResponses(os.Args[1])
	must(err)
	seen, err := json.Marshal(driver{context.Background(), client, anonymous}.drive())
	must(err)
	fmt.Println(string(seen))
}

func authenticate(_ context.Context, request *http.Request) error {
	request.Header.Set("Authorization", "Bearer "+os.Getenv("API_TOKEN"))
	return nil
}

func (d driver) drive() map[string]any {
	answer, err := d.CreateAuthorWithResponse(d, &blog.CreateAuthorParams{}, ada)
	must(err)
	author := *answer.JSON201.Id
	var created []string
	var article int64
	for _, title := range []string{"Note G", "Note A", "Note B"} {
		stored := d.create(title, author)
		created, article = append(created, stored.Title), *stored.Id
	}
	title := "Note B, revised"
	return map[string]any{
		"create":       created,
		"read":         d.read(article),
		"page":         d.page(author),
		"patch absent": d.patch(article, blog.ArticleUpdate{Title: &title}),
		"patch value":  d.patch(article, blog.ArticleUpdate{Summary: nullable.NewNullableWithValue("In short.")}),
		"patch null":   d.patch(article, blog.ArticleUpdate{Summary: nullable.NewNullNullable[string]()}),
		"error 401":    d.unauthorized(),
		"error 422":    d.refused(author),
		"error 404":    d.missing(),
		"error 409":    d.conflict(author),
		"delete":       d.delete(author),
	}
}

func (d driver) create(title string, author int64) blog.Article {
	answer, err := d.CreateArticleWithResponse(d, &blog.CreateArticleParams{}, blog.ArticleCreate{
		Title:    title,
		Summary:  nullable.NewNullableWithValue("A note."),
		Content:  "Step by step.",
		AuthorId: author,
	})
	must(err)
	return *answer.JSON201
}

func (d driver) read(article int64) []any {
	answer, err := d.GetArticleWithResponse(d, article, &blog.GetArticleParams{})
	must(err)
	return []any{answer.JSON200.Title, !answer.JSON200.CreatedAt.IsZero()}
}

func (d driver) page(author int64) (titles []string) {
	limit, sort := 2, blog.ArticleSortTITLE
	parameters := blog.ListArticlesParams{Limit: &limit, Sort: &sort, AuthorId: &author}
	for {
		answer, err := d.ListArticlesWithResponse(d, &parameters)
		must(err)
		for _, article := range answer.JSON200.Items {
			titles = append(titles, article.Title)
		}
		if answer.JSON200.NextCursor.IsNull() {
			return titles
		}
		cursor := answer.JSON200.NextCursor.MustGet()
		parameters.Cursor = &cursor
	}
}

func (d driver) patch(article int64, changes blog.ArticleUpdate) []any {
	read, err := d.GetArticleWithResponse(d, article, &blog.GetArticleParams{})
	must(err)
	etag := read.HTTPResponse.Header.Get("ETag")
	answer, err := d.UpdateArticleWithResponse(d, article, &blog.UpdateArticleParams{IfMatch: etag}, changes)
	must(err)
	return []any{answer.JSON200.Title, answer.JSON200.Summary}
}

func (d driver) refused(author int64) []any {
	answer, err := d.CreateArticleWithResponse(d, &blog.CreateArticleParams{}, blog.ArticleCreate{Content: "…", AuthorId: author})
	must(err)
	problem := answer.ApplicationproblemJSON422
	return append(told(problem), (*problem.Errors)[0].Pointer)
}

func (d driver) unauthorized() []any {
	answer, err := d.anonymous.CreateAuthorWithResponse(d, &blog.CreateAuthorParams{}, ada)
	must(err)
	return told(answer.ApplicationproblemJSON401)
}

func (d driver) missing() []any {
	answer, err := d.GetArticleWithResponse(d, 999, &blog.GetArticleParams{})
	must(err)
	return told(answer.ApplicationproblemJSON404)
}

func (d driver) conflict(author int64) []any {
	answer, err := d.DeleteAuthorWithResponse(d, author, &blog.DeleteAuthorParams{IfMatch: "*"})
	must(err)
	return told(answer.ApplicationproblemJSON409)
}

func (d driver) delete(author int64) []any {
	cascade := true
	_, err := d.DeleteAuthorWithResponse(d, author, &blog.DeleteAuthorParams{IfMatch: "*", Cascade: &cascade})
	must(err)
	answer, err := d.GetAuthorWithResponse(d, author, &blog.GetAuthorParams{})
	must(err)
	return told(answer.ApplicationproblemJSON404)
}

func told(problem *blog.Problem) []any {
	return []any{problem.Type, problem.Status}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
