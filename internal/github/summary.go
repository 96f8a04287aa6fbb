package github

import (
	"context"
	"fmt"
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
		ours := conv.of(s.marker)
		if why := conv.closed(s.to); why != "" {
			if s.made == 0 {
				s.res.Done, s.res.Reason = Skipped, why
			}
			if len(ours) > 0 {
				s.res.URL = ours[0].url
			}
			return nil
		}
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
