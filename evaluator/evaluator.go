package evaluator

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// Evaluator holds compiled rules. It is safe for use by several goroutines.
type Evaluator struct {
	options   Options
	rules     []*rule // all, sorted by id
	engines   []*engine
	abandoned atomic.Int64
}

// New compiles the rules that o asks for. It fails with *UnknownRuleError or *ParamError where o names what does not
// exist. Custom rules that do not compile are no reason to fail: their results are errors.
func New(ctx context.Context, o Options) (*Evaluator, error) {
	o = o.withDefaults()
	own := make(chan *custom, 1)
	go func() { own <- loadCustom(o.Custom) }()
	builtins, err := loadAllBuiltin(o)
	mine := <-own
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e := &Evaluator{options: o}
	return e, e.compile(builtins, mine)
}

// builtin is the built-in rules and the libraries.
type builtin struct {
	libraries []*file
	rules     []*rule
}

func loadAllBuiltin(o Options) (b builtin, err error) {
	if !o.Builtin && len(o.Custom) == 0 {
		return b, nil
	}
	b.libraries, b.rules, err = loadBuiltin(func(id string) bool { return o.Builtin && o.wants(id) })
	return b, err
}

// wants says whether the rule is to be loaded.
func (o Options) wants(id string) bool {
	return (len(o.Only) == 0 || slices.Contains(o.Only, id)) && !slices.Contains(o.Skip, id)
}

func (e *Evaluator) compile(b builtin, mine *custom) error {
	var own *ast.Compiler
	var group sync.WaitGroup
	group.Go(func() { own = mine.compile(b.libraries) })
	shards := split(b.rules, runtime.GOMAXPROCS(0))
	compilers := make([]*ast.Compiler, len(shards))
	faults := make([][]*Error, len(shards))
	for i, shard := range shards {
		group.Go(func() {
			files := slices.Clone(b.libraries)
			for _, r := range shard {
				files = append(files, r.files...)
			}
			compilers[i], faults[i] = compileModules(files, true)
		})
	}
	group.Wait()
	for _, errs := range faults {
		if len(errs) > 0 {
			return errs[0]
		}
	}
	if err := e.checkNames(mine); err != nil {
		return err
	}
	chosen := slices.DeleteFunc(mine.rules, func(r *rule) bool { return !e.options.wants(r.info.ID) })
	e.rules = append(slices.Clone(b.rules), chosen...)
	slices.SortStableFunc(e.rules, func(a, b *rule) int { return strings.Compare(a.info.ID, b.info.ID) })
	data, err := paramData(e.rules, e.options.Params)
	if err != nil {
		return err
	}
	store := inmem.NewFromObjectWithOpts(data, inmem.OptReturnASTValuesOnRead(true))
	for i, shard := range shards {
		if err := e.addEngine(compilers[i], store, shard, false); err != nil {
			return err
		}
	}
	return e.addEngine(own, store, chosen, true)
}

func (e *Evaluator) addEngine(c *ast.Compiler, store storage.Store, rules []*rule, watched bool) error {
	rules = slices.DeleteFunc(slices.Clone(rules), func(r *rule) bool { return r.broken != nil })
	if len(rules) == 0 {
		return nil
	}
	engine, err := newEngine(c, store, rules, watched)
	if err != nil {
		return err
	}
	e.engines = append(e.engines, engine)
	return nil
}

// split deals rules out to at most n groups of about the same amount of Rego.
func split(rules []*rule, n int) [][]*rule {
	n = min(n, maxShards, (len(rules)+minShard-1)/minShard)
	if n <= 1 {
		if len(rules) == 0 {
			return nil
		}
		return [][]*rule{rules}
	}
	size := func(r *rule) (sum int) {
		for _, f := range r.files {
			sum += len(f.source)
		}
		return sum
	}
	bySize := slices.Clone(rules)
	slices.SortStableFunc(bySize, func(a, b *rule) int { return size(b) - size(a) })
	groups, sums := make([][]*rule, n), make([]int, n)
	for _, r := range bySize {
		least := slices.Index(sums, slices.Min(sums))
		groups[least], sums[least] = append(groups[least], r), sums[least]+size(r)
	}
	return groups
}

// Compiling in groups takes less time on several processors, but each group compiles the libraries too.
const (
	maxShards = 4
	minShard  = 4 // rules
)

// checkNames finds ids in the options that are no rule's.
func (e *Evaluator) checkNames(mine *custom) error {
	known := BuiltinIDs()
	for _, r := range mine.rules {
		known = append(known, r.info.ID)
	}
	slices.Sort(known)
	named := slices.Concat(e.options.Only, e.options.Skip)
	for id := range e.options.Params {
		named = append(named, id)
	}
	slices.Sort(named)
	for _, id := range named {
		if _, ok := slices.BinarySearch(known, id); !ok {
			return &UnknownRuleError{ID: id, Known: known}
		}
	}
	return nil
}

// Rules is every rule there will be a Result for, sorted by id.
func (e *Evaluator) Rules() []Rule {
	out := make([]Rule, len(e.rules))
	for i, r := range e.rules {
		out[i] = r.info
	}
	return out
}

// Abandoned is how many evaluations did not stop when they had to. Their goroutines still run: the process should write
// its report and exit soon.
func (e *Evaluator) Abandoned() int { return int(e.abandoned.Load()) }
