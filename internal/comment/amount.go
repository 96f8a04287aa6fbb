package comment

// amount is how much a text says. What is least severe loses its details first.
type amount struct {
	passed   bool // what is in order and what does not apply, with what proves it; else only the names
	waived   bool // the same for what is accepted
	existing bool // why, and what to do, for failures that were there before
	minor    bool // the same for failures that do not make the check fail
	major    bool // the same for failures that do
	places   int  // how many findings of a rule are shown
	rules    int  // how many failing rules are shown
	open     int  // how many reasons for undecided rules are shown, at how many groups of hubs
	hubs     int  // how many hubs are shown
	matrix   int  // how many hubs the table of rules and hubs may have
	notes    int  // how many problems, notes and changes of the check are shown
	prose    int  // how many characters of a message are shown
	value    int  // and of a name
}

// amounts are the levels, the longest first. The last one is short whatever the report.
var amounts = []amount{
	{true, true, true, true, true, 50, 400, 60, 200, 8, 60, 1200, 200},
	{false, true, true, true, true, 25, 300, 40, 100, 8, 40, 1200, 200},
	{false, true, false, true, true, 15, 200, 30, 60, 6, 30, 800, 150},
	{false, false, false, false, true, 10, 100, 20, 40, 0, 20, 500, 100},
	{false, false, false, false, true, 5, 30, 10, 25, 0, 12, 300, 80},
	{false, false, false, false, false, 3, 25, 6, 20, 0, 8, 200, 60},
	{false, false, false, false, false, 1, 8, 0, 8, 0, 4, 120, 40},
}

// MaxLevel is the level of the shortest text.
const MaxLevel = 6
