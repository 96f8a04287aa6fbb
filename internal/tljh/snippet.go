package tljh

func (s *state) runSnippets() {}
