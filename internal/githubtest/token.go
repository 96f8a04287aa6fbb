package githubtest

import (
	"hash/crc32"
	"strings"
)

// User is an account. A login that ends in "[bot]" is an app's.
type User struct {
	Login string
	ID    int64
}

// Bot says whether the account is an app's.
func (u *User) Bot() bool { return strings.HasSuffix(u.Login, "[bot]") }

// ActionsBot is the account behind GITHUB_TOKEN.
const ActionsBot = "github-actions[bot]"

// Tokens that every server knows. They stand for GITHUB_TOKEN; more can be added with AddToken.
const (
	WriteToken    = "example-token-write"     // a workflow's with contents: read, the rest write
	ReadToken     = "example-token-read"      // a fork's or Dependabot's: everything read
	ResolverToken = "example-token-contents"  // as WriteToken with contents: write, which resolving threads needs
	PersonToken   = "example-token-of-person" // a personal access token of octocat with all rights
)

// Permissions says what a token may do: families as in a workflow's `permissions`, with _ for -, to "read" or "write".
type Permissions map[string]string

// Token is a credential.
type Token struct {
	Value       string
	Login       string
	Permissions Permissions
	remaining   int // requests until the primary limit
	limit       int
}

var families = []string{"actions", "checks", "contents", "issues", "metadata", "pull_requests", "security_events", "statuses"}

// All grants one level to every family.
func All(level string) Permissions {
	all := Permissions{}
	for _, family := range families {
		all[family] = level
	}
	return all
}

// With returns a copy with one family changed; level "" takes it away.
func (p Permissions) With(family, level string) Permissions {
	changed := Permissions{}
	for name, old := range p {
		changed[name] = old
	}
	if changed[family] = level; level == "" {
		delete(changed, family)
	}
	return changed
}

func (s *Server) addTokens() {
	s.AddToken(Token{Value: WriteToken, Login: ActionsBot, Permissions: All("write").With("contents", "read")})
	s.AddToken(Token{Value: ReadToken, Login: ActionsBot, Permissions: All("read")})
	s.AddToken(Token{Value: ResolverToken, Login: ActionsBot, Permissions: All("write")})
	s.AddToken(Token{Value: PersonToken, Login: "octocat", Permissions: All("write")})
}

// AddToken makes a token valid, or changes it.
func (s *Server) AddToken(token Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token.limit, token.remaining = 5000, 5000
	if token.Login == ActionsBot {
		token.limit, token.remaining = 1000, 1000 // per repository and hour
	}
	s.tokens[token.Value] = &token
	s.user(token.Login)
}

// SetRemaining says after how many more requests a token meets its primary rate limit.
func (s *Server) SetRemaining(token string, requests int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[token].remaining = requests
}

// user returns the account of a login, made on first use.
func (s *state) user(login string) *User {
	if s.users[login] == nil {
		id := int64(crc32.ChecksumIEEE([]byte(login)))
		if login == ActionsBot {
			id = 41898282 // as on github.com
		}
		s.users[login] = &User{Login: login, ID: id}
	}
	return s.users[login]
}

// allowed holds permissions against a rule in the words of X-Accepted-GitHub-Permissions: lists by comma, alternatives by semicolon.
func (p Permissions) allowed(rule string) bool {
	for alternative := range strings.SplitSeq(rule, ";") {
		all := true
		for need := range strings.SplitSeq(alternative, ",") {
			family, level, _ := strings.Cut(strings.TrimSpace(need), "=")
			if has := p[family]; has != "write" && has != level {
				all = false
			}
		}
		if all {
			return true
		}
	}
	return rule == ""
}
