package app_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// crowd 60: so many reports of many kinds from all over the district, some of
// them taken up, answered or refused.
func crowd(s *story, w words) error {
	n, err := strconv.Atoi(w.word(0))
	if err != nil {
		return err
	}
	matters := []string{"c01002", "m06010", "d-consult", "s0201", "m09006", "d-help", "d-complaint", "c04001"}
	places := []string{"桂香07网格", "听雨03网格", "渔港02网格", "桂香02网格", "荷塘05网格", "119.5,29.1"}
	channels := []string{"resident", "machine", "hotline hejing"}
	for i := range n {
		name := fmt.Sprintf("crowd-%d", i)
		line := words{plain: []string{"reports", "as", name}, named: map[string]string{"matter": matters[i%len(matters)], "at": places[i%len(places)]}}
		from, login, _ := strings.Cut(channels[i%len(channels)], " ")
		if login != "" {
			line.plain = append([]string{login}, line.plain...)
		}
		report := map[string]func(*story, words) error{"resident": resident, "machine": machine, "hotline": hotline}[from]
		if err := report(s, line); err != nil {
			return err
		}
		if err := s.carryOn(name, i); err != nil {
			return err
		}
		if err := s.until(s.now().Add(11 * time.Minute)); err != nil {
			return err
		}
	}
	return nil
}

// carryOn takes a case of the crowd as far as its turn says.
func (s *story) carryOn(name string, turn int) error {
	moves := [][]words{
		nil,
		{act(name, "file")},
		{act(name, "file"), act(name, "send", "unit", "u-shizheng")},
		{act(name, "answer", "answer", "已在平台公布。")},
		{act(name, "reject", "reason", "不归本区管。")},
	}[turn%5]
	for i, move := range moves {
		if err := s.person([]string{"guoyan", "chenli"}[i], move); err != nil {
			return err
		}
	}
	return nil
}

func act(name, action string, named ...string) words {
	w := words{plain: []string{"does", name, action}, named: map[string]string{}}
	for i := 0; i+1 < len(named); i += 2 {
		w.named[named[i]] = named[i+1]
	}
	return w
}
