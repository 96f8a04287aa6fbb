package containertest

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// A fork's pull request: the first workflow gives the verdict with a token that may only read, the second one, which runs from the
// default branch and has no checkout at all, writes the comments.
func TestForkInTwoStages(t *testing.T) {
	image(t)
	server := githubtest.New(t)
	good := fixture(t, "production")
	repo := server.AddRepo("octo-org/hub", good)
	fork := repo.Fork("octo-contributor")
	fork.Commit("topic", edited(t, good, "install.sh", httpsOn, httpsOff))
	pull := repo.OpenPull(githubtest.PullSpec{Head: "topic", HeadRepo: fork, Author: "octo-contributor"})

	first := onPull(t, repo, pull)
	at(first, server, githubtest.ReadToken)
	verdict(t, use(t, first, nil), 1, "fail")
	if len(pull.Comments()) != 0 {
		t.Fatalf("comments %+v", pull.Comments())
	}

	second := checkedOut(t, repo, "", "workflow_run", pull.RunEvent())
	second.GitHub["sha"] = repo.Branch("main")
	at(second, server, githubtest.WriteToken)
	r := use(t, second, map[string]string{"annotations": "false"})
	verdict(t, r, 1, "fail")
	if len(pull.Comments()) != 1 || len(pull.Threads()) != 1 || len(r.Log.Annotations) != 0 {
		t.Errorf("comments %+v, threads %+v, annotations %+v", pull.Comments(), pull.Threads(), r.Log.Annotations)
	}
}

// GitHub Enterprise Server with certificates of its own: its addresses come from the runner, its authority from a file.
func TestPrivateAuthority(t *testing.T) {
	image(t)
	front := httptest.NewUnstartedServer(nil)
	base := "https://" + front.Listener.Addr().String()
	server := githubtest.New(t, githubtest.Enterprise(), githubtest.BaseURL(base))
	front.Config.Handler = server
	front.StartTLS()
	defer front.Close()

	repo, pull := broken(t, server)
	job := onPull(t, repo, pull)
	at(job, server, githubtest.WriteToken)
	ca := filepath.Join(job.Temp, "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw}), 0o644); err != nil {
		t.Fatal(err)
	}
	verdict(t, use(t, job, nil), 1, "fail")
	if len(pull.Comments()) != 0 {
		t.Fatal("a certificate that nobody vouches for was accepted")
	}
	job.Env["SSL_CERT_FILE"] = ca
	verdict(t, use(t, job, nil), 1, "fail")
	if len(pull.Comments()) != 1 {
		t.Errorf("comments %+v", pull.Comments())
	}
}
