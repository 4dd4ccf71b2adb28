package web

import (
	"github.com/labstack/echo/v4"
)

// routes is the whole surface of the site, in the order of its menu.
func (s *site) routes(e *echo.Echo) {
	// Outermost first. The log sees every outcome; a panic becomes an error page; headers are on every response, errors
	// included; nothing is done for a request that is over its limit or comes from another site.
	e.Use(s.log, s.recover, s.headers)
	if s.Limits {
		e.Use(s.limit)
	}
	e.Use(s.sameOrigin())

	root := e.Group(s.base)
	root.GET("/healthz", s.healthz)
	root.GET("/readyz", s.readyz)
	root.GET("/static/*", s.static)
	root.GET("/media/*", s.media)
	root.GET("/favicon.ico", s.favicon)
	root.GET("/robots.txt", s.robots)

	site := root.Group("", s.session)
	if s.base != "" {
		site.GET("", s.toHome)
	}
	site.GET("/", s.home)

	site.GET("/topics", s.topics)
	site.GET("/topics/:topic", s.topic)

	site.GET("/questions", s.questions)
	site.GET("/questions/print", s.sheet)
	site.POST("/questions/quiz", s.selectedQuiz)
	site.GET("/questions/:question", s.question)
	site.POST("/questions/:question/responses", s.answerQuestion)

	site.GET("/quizzes", s.toNewQuiz)
	site.GET("/quizzes/new", s.newQuiz)
	site.POST("/quizzes", s.startQuiz)
	site.GET("/quizzes/:attempt", s.resumeQuiz)
	site.GET("/quizzes/:attempt/result", s.quizResult)
	site.POST("/quizzes/:attempt/finish", s.finishQuiz)
	site.POST("/quizzes/:attempt/repeat", s.repeatMistakes)
	site.GET("/quizzes/:attempt/:position", s.quizItem)
	site.POST("/quizzes/:attempt/:position", s.answerItem)
	site.POST("/quizzes/:attempt/:position/skip", s.skipItem)
	site.POST("/quizzes/:attempt/:position/marks", s.markItem)

	site.GET("/cards", s.cards)
	site.GET("/cards/next", s.nextCard)
	site.POST("/cards/undo", s.undoGrade)
	site.GET("/cards/:card", s.cardBack)
	site.POST("/cards/:card/grade", s.gradeCard)

	site.GET("/progress", s.progress)

	site.GET("/errata", s.errata)
	site.POST("/errata/read", s.readErrata)

	site.GET("/settings", s.settings)
	site.POST("/settings", s.saveSettings)

	root.RouteNotFound("/*", s.notFound, s.session)
	if s.base != "" {
		e.RouteNotFound("/*", s.notFound)
	}
}
