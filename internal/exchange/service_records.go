package exchange

// The records of GB/T 39046-2020, with the names of its fields. A field that
// linli knows nothing of (proofs of identity, fees, licences, credit codes of
// units, sources and channels whose codes the standard leaves to others) is not
// among them, nor is one that holds words that somebody wrote: opinions, reasons,
// what a rating says.

// item is a matter (事项管理, table 4).
type item struct {
	Name      string `json:"事项名称" en:"name of the matter" form:"an..200" must:"yes"`
	Basic     string `json:"基本编码,omitempty" en:"basic code" form:"an..10"`
	Code      string `json:"实施编码" en:"code of the matter" form:"an..50" must:"yes"`
	Type      string `json:"事项类型" en:"type" must:"yes"`
	TypeCode  string `json:"事项类型代码" en:"code of the type" list:"事项类型" must:"yes"`
	Basis     string `json:"设定依据,omitempty" en:"legal basis" form:"a..1000"`
	Level     string `json:"行使层级" en:"level" must:"yes"`
	LevelCode string `json:"行使层级代码" en:"code of the level" list:"行使层级" must:"yes"`
	Limit     string `json:"承诺办结时限,omitempty" en:"promised limit" form:"n..5"`
	LimitUnit string `json:"承诺办结时限单位,omitempty" en:"unit of the limit"`
	LimitSaid string `json:"承诺办结时限说明,omitempty" en:"the limit in words"`
	Filing    string `json:"受理条件,omitempty" en:"when it is taken"`
	Flow      string `json:"办理流程,omitempty" en:"procedure"`
	Ground    string `json:"行政管辖" en:"jurisdiction" must:"yes"`
	GroundNo  string `json:"行政管辖代码" en:"code of the jurisdiction" form:"n..9" must:"yes"`
	Hotline   string `json:"咨询电话,omitempty" en:"telephone for questions"`
}

// application is what somebody asked for (办事申请, table 5).
type application struct {
	Number   string `json:"办件编号" en:"number" form:"an..50" must:"yes"`
	Code     string `json:"实施编码" en:"code of the matter" form:"an..50" must:"yes"`
	Name     string `json:"事项名称" en:"name of the matter" form:"an..200" must:"yes"`
	Type     string `json:"办件类型" en:"type of the case" must:"yes"`
	TypeCode string `json:"办件类型代码" en:"code of the type" list:"办件类型" must:"yes"`
	Who      string `json:"申请者名称,omitempty" en:"applicant, masked"`
	Phone    string `json:"手机号码,omitempty" en:"mobile number, masked"`
	At       string `json:"申请时间" en:"applied at" form:"time" must:"yes"`
	Area     string `json:"行政区划" en:"division" form:"n..9" must:"yes"`
}

// acceptance is that it was taken in (事项受理, table 6). What was turned away
// has none.
type acceptance struct {
	Number   string `json:"办件编号" en:"number" form:"an..50" must:"yes"`
	Basic    string `json:"基本编码,omitempty" en:"basic code" form:"an..10"`
	Code     string `json:"实施编码" en:"code of the matter" form:"an..50" must:"yes"`
	Name     string `json:"事项名称" en:"name of the matter" form:"an..200" must:"yes"`
	Unit     string `json:"受理单位,omitempty" en:"unit that took it in" form:"an..200"`
	Person   string `json:"受理人员,omitempty" en:"who took it in, masked"`
	At       string `json:"受理时间" en:"taken in at" form:"time" must:"yes"`
	Due      string `json:"承诺办结时间,omitempty" en:"promised for" form:"time"`
	Type     string `json:"办件类型" en:"type of the case" must:"yes"`
	TypeCode string `json:"办件类型代码" en:"code of the type" list:"办件类型" must:"yes"`
	Area     string `json:"行政区划" en:"division" form:"n..9" must:"yes"`
}

// handling is a step that was done, or is to be (事项办理, table 7).
type handling struct {
	Number string `json:"办件编号" en:"number" form:"an..50" must:"yes"`
	Action string `json:"业务动作,omitempty" en:"action"`
	Step   string `json:"环节名称" en:"step" must:"yes"`
	Person string `json:"处理人,omitempty" en:"who did it, masked"`
	From   string `json:"开始时间" en:"begun at" form:"time" must:"yes"`
	To     string `json:"结束时间,omitempty" en:"ended at" form:"time"`
	Unit   string `json:"处理单位,omitempty" en:"unit" form:"an..200"`
	Stand  string `json:"环节办理状态" en:"state of the step" list:"环节办理状态" must:"yes"`
}

// special is a time for which the clock stood, or a longer limit (table 7,
// 特别程序), that was decided on.
type special struct {
	Number   string `json:"办件编号" en:"number" form:"an..50" must:"yes"`
	Kind     string `json:"特别程序种类名称" en:"kind of special procedure" must:"yes"`
	KindCode string `json:"特别程序种类代码" en:"code of the kind" list:"特别程序" must:"yes"`
	From     string `json:"特别程序开始时间" en:"begun at" form:"time" must:"yes"`
	Asked    string `json:"特别程序申请人,omitempty" en:"who asked, masked"`
	To       string `json:"特别程序结束时间,omitempty" en:"ended at" form:"time"`
	Result   string `json:"特别程序结果" en:"result" must:"yes"`
	Unit     string `json:"特别程序单位,omitempty" en:"unit that asked" form:"an..200"`
}

// completion is how a case ended (事项办结, table 8).
type completion struct {
	Number string `json:"办件编号" en:"number" form:"an..50" must:"yes"`
	Person string `json:"办理人,omitempty" en:"who dealt with it last, masked"`
	At     string `json:"办结时间,omitempty" en:"ended at" form:"time"`
	Result string `json:"结果描述" en:"result" must:"yes"`
	Area   string `json:"行政区划" en:"division" form:"n..9" must:"yes"`
}

// opinion is what a resident thought of the result (服务评价, table 9).
type opinion struct {
	Number  string `json:"办件编号" en:"number" form:"an..50" must:"yes"`
	Who     string `json:"评价人,omitempty" en:"who rated, masked"`
	At      string `json:"评价时间" en:"rated at" form:"time" must:"yes"`
	Times   string `json:"评价次数" en:"which time it was rated" form:"n..3" must:"yes"`
	Content string `json:"满意度" en:"grade" must:"yes"`
	Grade   string `json:"满意度代码" en:"code of the grade" list:"满意度" must:"yes"`
	Area    string `json:"行政区划" en:"division" form:"n..9" must:"yes"`
}

// oversight is what supervision asked of a unit about a case (电子监察, table 11).
// Numbers of the standard have twenty letters and linli's orders have longer ones;
// for its kinds of warning it gives no codes; and which body 机构名称 means it does
// not say: these are left out.
type oversight struct {
	Number   string `json:"办件编号" en:"number" form:"an..50" must:"yes"`
	Content  string `json:"督办内容" en:"what was asked, and at which step" must:"yes"`
	TypeCode string `json:"事项类型代码" en:"code of the type" list:"事项类型" must:"yes"`
	At       string `json:"督办发出时间" en:"given at" form:"time" must:"yes"`
	Rule     string `json:"监察规则编号,omitempty" en:"rung of the ladder; none where somebody gave it by hand" form:"an..20"`
	State    string `json:"状态产生时间" en:"since when it stands so" form:"time" must:"yes"`
	Result   string `json:"监察结果描述" en:"how it stands" must:"yes"`
	Unit     string `json:"责任部门,omitempty" en:"unit that was asked" form:"an..200"`
}

// whole is a case on one line, of the fields of tables 4 to 8: what another
// system brings cases in by, and linli itself by mappings/gbt39046.
type whole struct {
	Number string `json:"办件编号" en:"number" form:"an..50" must:"yes"`
	Code   string `json:"实施编码" en:"code of the matter" form:"an..50" must:"yes"`
	Name   string `json:"事项名称" en:"name of the matter" form:"an..200" must:"yes"`
	At     string `json:"申请时间" en:"applied at" form:"time" must:"yes"`
	Due    string `json:"承诺办结时间,omitempty" en:"promised for" form:"time"`
	Unit   string `json:"承办机构,omitempty" en:"unit that deals with it" form:"an..200"`
	UnitNo string `json:"承办机构代码,omitempty" en:"code of the unit" form:"an..50"`
	Ended  string `json:"办结时间,omitempty" en:"ended at" form:"time"`
	Result string `json:"结果描述,omitempty" en:"result"`
	Area   string `json:"行政区划" en:"division" form:"n..9" must:"yes"`
}
