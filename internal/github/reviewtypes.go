package github

// Inline is one finding that may be shown as a review comment.
type Inline struct {
	Key       string // the finding by its content: rule, path, what is wrong; never a line number, which a rebase moves
	Path      string
	StartLine int // lines of the head file
	EndLine   int
	Exact     bool // the lines may not be cut to those of the diff: the text holds a suggestion that replaces them
	Body      string
}

// ReviewOptions say how the review comments of a gate are kept.
type ReviewOptions struct {
	Files   *Files                  // of PullFiles; nil: none can be placed
	Body    string                  // of a new review, above its comments; "" is a plain sentence
	Fixed   func(key string) string // what a comment says when its finding is gone; nil is a plain sentence
	Keep    func(key string) bool   // a finding that is not in the list but cannot be said to be gone: undecided, not evaluated
	Resolve bool                    // resolve threads too; that needs contents: write
	Context bool                    // also comment on unchanged lines that the diff shows
	Max     int                     // comments that are open at once; 0 is MaxInline
}

// MaxInline is how many review comments of ours stand open at once; what is beyond goes to the summary.
const MaxInline = 25

// Placed is a finding with its review comment.
type Placed struct {
	Inline
	URL      string
	Outdated bool // the line it stood on has changed since; GitHub folds it
	Resolved bool // somebody resolved or hid it
}

// Left is a finding without a review comment, for the summary.
type Left struct {
	Inline
	Reason string
}

// FixedComment is a review comment whose finding is gone.
type FixedComment struct{ Key, URL string }

// ReviewResult is what SyncReview did. Every Inline is in exactly one of Posted, Kept, Updated, Reopened and Overflow.
type ReviewResult struct {
	Posted, Kept, Updated, Reopened []Placed
	Fixed                           []FixedComment
	Overflow                        []Left
	Hidden                          int // duplicates and replaced ones that were minimised
	Skipped                         string
	Problems                        []*Error
}
