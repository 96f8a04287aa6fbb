package githubtest_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// A test would call New(t), which also ends the server and fails on violations.
func Example() {
	srv, err := githubtest.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	repo := srv.AddRepo("octo-org/hub", githubtest.Files{"config.yaml": "users:\n  admin: []\n"})
	pull := repo.OpenPullWith(githubtest.Files{"config.yaml": "users:\n  admin: [ada]\n"})
	pull.Comment("somebody", "please have a look")
	// The first answer is lost although the comment was made.
	srv.Fault(githubtest.On("POST /repos/*/*/issues/*/comments"), githubtest.Fault{Drop: true, Applied: true, Times: 1})

	request, err := http.NewRequest("POST", srv.APIURL()+"/repos/octo-org/hub/issues/1/comments", strings.NewReader(`{"body":"one rule fails"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	request.Header.Set("Authorization", "Bearer "+githubtest.WriteToken)
	_, err = http.DefaultClient.Do(request)
	fmt.Println("no answer:", err != nil)

	for _, comment := range pull.Comments() {
		fmt.Println(comment.Author+":", comment.Body)
	}
	fmt.Println("writes:", srv.Count(githubtest.Writes), "violations:", len(srv.Violations()))
	// Output:
	// no answer: true
	// somebody: please have a look
	// github-actions[bot]: one rule fails
	// writes: 1 violations: 0
}
