package web

import (
	"github.com/labstack/echo/v4"
)

// routes is the whole surface of the site, in the order of its menu.
func (s *site) routes(e *echo.Echo) {
	e.Use(s.around())
	root := e.Group(s.base)
	root.GET("/healthz", s.healthz)
	root.GET("/readyz", s.readyz)
	root.GET("/static/*", s.static)
	root.GET("/media/*", s.media)
	root.GET("/favicon.ico", s.favicon)
	root.GET("/robots.txt", s.robots)
	root.GET("/manifest.webmanifest", s.manifest)
	root.GET("/sw.js", s.worker)
	root.GET("/offline", s.offline)

	// What takes long by its nature, or is large, has limits of its own and no room among the rest.
	pages, long, one := root.Group("", s.admit), root.Group("", s.session), s.one
	if s.base != "" {
		pages.GET("", s.toHome)
	}
	pages.GET("/", one((*site).home))
	pages.POST("/today", one((*site).arrangeToday))
	pages.POST("/five", one((*site).startFive))

	pages.GET("/questions", one((*site).questions))
	pages.GET("/questions/print", one((*site).sheet))
	pages.POST("/questions/quiz", one((*site).selectedQuiz))
	pages.GET("/questions/:question", one((*site).question))
	pages.POST("/questions/:question/responses", one((*site).answerQuestion))
	pages.POST("/questions/:question/run", one((*site).runQuestion))
	pages.POST("/questions/:question/bookmark", one((*site).setBookmark))
	pages.POST("/questions/:question/note", one((*site).saveNote))
	pages.POST("/questions/:question/reports", one((*site).report))
	pages.POST("/reports/read", one((*site).readReports))

	pages.GET("/quizzes", s.toNewQuiz)
	pages.GET("/quizzes/new", one((*site).newQuiz))
	pages.POST("/quizzes", one((*site).startQuiz))
	pages.GET("/quizzes/:attempt", one((*site).resumeQuiz))
	pages.GET("/quizzes/:attempt/result", one((*site).quizResult))
	pages.GET("/quizzes/:attempt/print", one((*site).printQuiz))
	pages.POST("/quizzes/:attempt/finish", one((*site).finishQuiz))
	pages.POST("/quizzes/:attempt/repeat", one((*site).repeatMistakes))
	pages.GET("/quizzes/:attempt/:position", one((*site).quizItem))
	pages.POST("/quizzes/:attempt/:position", one((*site).answerItem))
	pages.POST("/quizzes/:attempt/:position/skip", one((*site).skipItem))
	pages.POST("/quizzes/:attempt/:position/run", one((*site).runItem))
	pages.POST("/quizzes/:attempt/:position/marks", one((*site).markItem))

	pages.GET("/cards", one((*site).cards))
	pages.GET("/cards/next", one((*site).nextCard))
	pages.POST("/cards/undo", one((*site).undoGrade))
	pages.POST("/cards/spread", one((*site).spreadCards))
	pages.GET("/cards/settings", one((*site).cardSettings))
	pages.POST("/cards/settings", one((*site).saveCardSettings))
	pages.GET("/cards/offline", one((*site).keptCards))
	pages.POST("/cards/offline", one((*site).takeGrades))
	pages.GET("/cards/:card", one((*site).cardBack))
	pages.POST("/cards/:card/grade", one((*site).gradeCard))
	pages.POST("/cards/:card/aside", one((*site).putCardAside))

	pages.GET("/topics", one((*site).topics))
	pages.GET("/topics/:topic", one((*site).topic))

	pages.GET("/guides", one((*site).guides))
	pages.GET("/guides/:guide", one((*site).guide))
	pages.GET("/roles", one((*site).roles))
	pages.GET("/roles/compare", one((*site).compareRoles))
	pages.GET("/roles/:role", one((*site).role))
	pages.GET("/roles/:role/description.md", one((*site).roleDescription))
	pages.GET("/plans", one((*site).plans))
	pages.GET("/plans/:plan", one((*site).plan))
	pages.GET("/reference", one((*site).reference))
	pages.GET("/sets/:set", one((*site).set))

	pages.GET("/assess", one((*site).assess))
	pages.POST("/assess", one((*site).startCheck))
	pages.GET("/assess/:attempt", one((*site).resumeCheck))
	pages.GET("/assess/:attempt/result", one((*site).checkResult))
	pages.GET("/assess/:attempt/log.json", one((*site).checkLog))
	pages.POST("/assess/:attempt/more", one((*site).extendCheck))
	pages.POST("/assess/:attempt/end", one((*site).endCheck))
	pages.GET("/assess/:attempt/:position", one((*site).checkItem))
	pages.POST("/assess/:attempt/:position", one((*site).answerCheck))
	pages.POST("/assess/:attempt/:position/skip", one((*site).skipCheck))
	pages.POST("/assess/:attempt/:position/run", one((*site).runCheck))

	pages.GET("/progress", one((*site).progress))

	pages.GET("/errata", one((*site).errata))
	pages.POST("/errata/read", one((*site).readErrata))

	pages.GET("/settings", one((*site).settings))
	pages.POST("/settings", one((*site).saveSettings))
	pages.GET("/settings/data", one((*site).data))
	long.GET("/settings/export.json", one((*site).exportJSON))
	long.GET("/settings/export.zip", one((*site).exportTables))
	long.POST("/settings/import", one((*site).importData))
	long.POST("/settings/erase", one((*site).erase))

	if s.Dev {
		pages.GET("/styleguide", one((*site).styleguide))
	}
	if s.AuthorToken != "" {
		s.authorRoutes(pages)
	}

	root.RouteNotFound("/*", s.notFound, s.session)
	if s.base != "" {
		e.RouteNotFound("/*", s.notFound)
	}
}
