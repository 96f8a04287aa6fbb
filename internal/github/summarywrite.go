package github

import (
	"context"
	"errors"

	"github.com/google/go-github/v60/github"
)

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
