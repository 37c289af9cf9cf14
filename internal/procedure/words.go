package procedure

import "linli/internal/lang"

// The house words for well-known names, so that a short procedure need not
// repeat them. A title in the file always wins.
var (
	stepTitles = map[StepName]lang.Text{
		"accept":     {ZH: "受理", EN: "Take in"},
		"dispatch":   {ZH: "派遣", EN: "Dispatch"},
		"handle":     {ZH: "处置", EN: "Handle"},
		"rule":       {ZH: "裁定", EN: "Rule"},
		"verify":     {ZH: "核查", EN: "Check on site"},
		"rate":       {ZH: "评价", EN: "Rate"},
		"make-safe":  {ZH: "先行排险", EN: "Make safe"},
		"answer":     {ZH: "答复", EN: "Answer"},
		"review":     {ZH: "提级督办", EN: "Review by the leader"},
		"grid":       {ZH: "网格先办", EN: "In the grid"},
		"community":  {ZH: "社区办", EN: "In the community"},
		"street":     {ZH: "街道办", EN: "In the street"},
		"district":   {ZH: "区里办", EN: "In the district"},
		"supplement": {ZH: "补充材料", EN: "Supply what is missing"},
	}
	actionTitles = map[ActionName]lang.Text{
		"file":        {ZH: "立案", EN: "File"},
		"answer":      {ZH: "答复", EN: "Answer"},
		"reject":      {ZH: "不受理", EN: "Do not take"},
		"send":        {ZH: "派出", EN: "Send"},
		"done":        {ZH: "办完了", EN: "Done"},
		"return":      {ZH: "退回", EN: "Return"},
		"assign":      {ZH: "裁定承办", EN: "Assign"},
		"pass":        {ZH: "核查通过", EN: "Passed"},
		"fail":        {ZH: "没办好，返工", EN: "Not done, back to work"},
		"content":     {ZH: "满意", EN: "Content"},
		"not-content": {ZH: "没解决", EN: "Not solved"},
		"close":       {ZH: "办结", EN: "Close"},
		"refuse":      {ZH: "回绝（不在准入清单）", EN: "Refuse (not on the admission list)"},
		"solve":       {ZH: "解决了", EN: "Solved"},
		"pass-up":     {ZH: "上报一级", EN: "Pass up"},
		"ask":         {ZH: "请上报人补充", EN: "Ask the reporter for more"},
		"supply":      {ZH: "已补充", EN: "Supplied"},
	}
	endTitles = map[EndName]lang.Text{
		"closed":   {ZH: "已办结", EN: "Closed"},
		"rejected": {ZH: "未受理", EN: "Not taken"},
		"answered": {ZH: "已答复", EN: "Answered"},
	}
)
