package github

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/go-github/v60/github"
)

// SummaryOptions say how the summary comment is kept.
type SummaryOptions struct {
	Clean          bool                   // nothing is wrong
	QuietWhenClean bool                   // then a first comment is not created
	Shrink         func(level int) string // a shorter text, level 1 and up; nil: there is none
}

// Done is what became of a comment.
type Done string

const (
	Created   Done = "created"
	Updated   Done = "updated"
	Unchanged Done = "unchanged"
	Skipped   Done = "skipped" // Reason says why
)

// SummaryResult is what SyncSummary did.
type SummaryResult struct {
	Done     Done
	URL      string
	Reason   string
	Hidden   int // further comments of ours that were minimised or deleted
	Problems []*Error
}

// SyncSummary makes the one summary comment of a gate say text: it edits the comment of ours that carries the gate's marker, or
// creates it. Comments that somebody else wrote are never touched, whatever marker they carry. Where nothing
// changed nothing is sent; where the pull request has moved on, the newer commit's run will write.
//
// An error means that the summary could not be written; the result then says the same in Reason.
func (c *Client) SyncSummary(ctx context.Context, to Target, gate, text string, o SummaryOptions) (SummaryResult, error) {
	s := &summary{c: c, to: to, opts: o, marker: Marker{Kind: kindSummary, Gate: gate, SHA: to.HeadSHA}, text: text}
	err := s.sync(ctx)
	if err != nil {
		s.res.Done, s.res.Reason = Skipped, err.Error()
		return s.res, err
	}
	return s.res, nil
}

type summary struct {
	c      *Client
	to     Target
	opts   SummaryOptions
	marker Marker
	text   string
	level  int   // how often text was shrunk
	made   int64 // the comment that this run created
	unsure bool  // a creation may have been carried out although it failed
	res    SummaryResult
}

// sync looks, acts, and looks again after having created a comment: another run may have created one at the same time.
// All runs keep the oldest, so that they agree without knowing of each other.
func (s *summary) sync(ctx context.Context) error {
	if err := s.to.Repo.check(); err != nil {
		return err
	}
	if e := s.c.refusal(call{what: "write the summary comment", family: Comments, write: true}); e != nil {
		return e
	}
	for range 4 {
		conv, err := s.c.conversation(ctx, s.to)
		if err != nil {
			if s.made != 0 {
				s.problem(err)
				return nil
			}
			return err
		}
		if why := conv.closed(s.to); why != "" {
			if s.made == 0 {
				s.res.Done, s.res.Reason = Skipped, why
			}
			return nil
		}
		ours := conv.of(s.marker)
		switch {
		case len(ours) == 0 && s.made != 0:
			return nil // not listed yet
		case len(ours) == 0 && s.opts.Clean && s.opts.QuietWhenClean:
			s.res.Done, s.res.Reason = Skipped, "all is well, and there was no comment"
			return nil
		case len(ours) == 0:
			again, err := s.create(ctx)
			if err != nil || !again {
				return err
			}
			continue
		}
		keep := ours[0]
		err = s.edit(ctx, keep)
		if is(err, NotFound) {
			continue // deleted meanwhile
		}
		if err != nil {
			return err
		}
		s.hide(ctx, ours[1:])
		return nil
	}
	return &Error{Kind: Conflict, What: "write the summary comment", Message: "comments come and go while it is written"}
}

// closed says why nothing may be written; "" if it may.
func (v *conversation) closed(to Target) string {
	switch {
	case v.head != to.HeadSHA:
		return fmt.Sprintf("the pull request has moved on to commit %.12s, whose run will write", v.head)
	case v.locked:
		return "the conversation is locked"
	}
	return ""
}

// of are the comments with a marker's kind and gate.
func (v *conversation) of(m Marker) []comment {
	var out []comment
	for _, c := range v.ours {
		if c.marker.Kind == m.Kind && c.marker.Gate == m.Gate {
			out = append(out, c)
		}
	}
	return out
}

// create posts the comment. again asks to look at the comments once more.
func (s *summary) create(ctx context.Context) (again bool, err error) {
	err = s.send(ctx, nil, func(body string) error {
		var made *github.IssueComment
		cl := call{what: "create the summary comment", family: Comments, write: true}
		err := s.c.do(ctx, cl, func(ctx context.Context) (err error) {
			made, _, err = s.c.rest.Issues.CreateComment(ctx, s.to.Repo.Owner, s.to.Repo.Name, s.to.Number, &github.IssueComment{Body: &body})
			return err
		})
		if err == nil {
			s.made, s.res.Done, s.res.URL = made.GetID(), Created, made.GetHTMLURL()
		}
		return err
	})
	if e := asError(err); e != nil && e.MayBeDone && !s.unsure {
		s.unsure = true // whether it was done, the next look shows
		return true, nil
	}
	if is(err, Locked, Gone, Archived) {
		s.res.Done, s.res.Reason = Skipped, err.Error()
		return false, nil
	}
	return err == nil, err
}

// edit makes a comment of ours say the text, if it does not yet.
func (s *summary) edit(ctx context.Context, old comment) error {
	s.res.URL = old.url
	err := s.send(ctx, &old, func(body string) error {
		cl := call{what: "update the summary comment", family: Comments, write: true, again: true, item: true}
		err := s.c.do(ctx, cl, func(ctx context.Context) error {
			_, _, err := s.c.rest.Issues.EditComment(ctx, s.to.Repo.Owner, s.to.Repo.Name, old.id, &github.IssueComment{Body: &body})
			return err
		})
		if err == nil && s.made == 0 && !s.unsure {
			s.res.Done = Updated
		}
		return err
	})
	if is(err, Locked, Archived) {
		s.res.Done, s.res.Reason = Skipped, err.Error()
		return nil
	}
	if s.res.Done == "" {
		s.res.Done = Unchanged
		if s.unsure {
			s.res.Done = Created
		}
	}
	return err
}

// send calls post with a body that is short enough, and with shorter ones while GitHub finds it too long. It calls nothing if
// old says the same already.
func (s *summary) send(ctx context.Context, old *comment, post func(body string) error) error {
	for {
		body, err := compose(s.marker, s.text)
		if err != nil {
			return &Error{Kind: Invalid, What: "write the summary comment", Message: err.Error()}
		}
		if fits(body) {
			if old != nil && old.marker.unchanged(s.text) && old.marker.unchanged(old.text) {
				return nil
			}
			if err = post(body); !is(err, TooLong) {
				return err
			}
		} else {
			err = &Error{Kind: TooLong, What: "write the summary comment", Message: "the text is too long"}
		}
		if s.level++; s.opts.Shrink == nil || s.level > maxShrink || ctx.Err() != nil {
			return err
		}
		s.text = s.opts.Shrink(s.level)
	}
}

// maxShrink is how often a shorter text is asked for.
const maxShrink = 5

// hide minimises further comments of ours, which two runs at once leave, or deletes them where that is not possible.
func (s *summary) hide(ctx context.Context, more []comment) {
	var ms []mutation
	var which []comment
	var remove []comment
	for _, m := range more {
		switch {
		case m.minimized:
		case m.canHide:
			ms, which = append(ms, minimize(m.node, "DUPLICATE")), append(which, m)
		default:
			remove = append(remove, m)
		}
	}
	for i, e := range s.c.mutate(ctx, "minimise a duplicate of the summary comment", Hiding, ms) {
		switch {
		case e == nil:
			s.res.Hidden++
		case e.Kind == Forbidden:
			remove = append(remove, which[i])
		default:
			s.problem(e)
		}
	}
	for i, m := range remove {
		if i >= maxSingle {
			s.problem(&Error{Kind: TooLarge, What: "delete duplicates of the summary comment", Message: "there are too many; the next run goes on"})
			return
		}
		cl := call{what: "delete a duplicate of the summary comment", family: Comments, write: true, again: true, item: true}
		err := s.c.do(ctx, cl, func(ctx context.Context) error {
			_, err := s.c.rest.Issues.DeleteComment(ctx, s.to.Repo.Owner, s.to.Repo.Name, m.id)
			return err
		})
		if err == nil || is(err, NotFound, Gone) {
			s.res.Hidden++
		} else {
			s.problem(err)
		}
	}
}

// maxSingle is how many comments are changed one by one where GraphQL cannot change them together.
const maxSingle = 10

func (s *summary) problem(err error) {
	var e *Error
	if errors.As(err, &e) {
		s.res.Problems = append(s.res.Problems, e)
	}
}
