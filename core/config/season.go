package config

import (
	"fmt"
	"strconv"
	"time"
)

// The seasons that a baseline may know. Which part of a season a window belongs
// to hangs on when it begins, so that all windows of a part are alike.
const (
	HourOfWeek  = "hour-of-week"
	DayOfWeek   = "day-of-week"
	MonthOfYear = "month-of-year"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// NaturalSeason is the season that windows of a length show, whether or not it
// is configured: the hour or the day of the week of shorter ones than a week,
// else the month, also for what is no whole days (36h).
func NaturalSeason(every string) string {
	switch length := lengthOf(every); {
	case length < day:
		return HourOfWeek
	case length < week && length%day == 0:
		return DayOfWeek
	}
	return MonthOfYear
}

// Seasonable tells whether windows of a length can be held against the parts of a
// season.
func Seasonable(season, every string) bool {
	problem, _ := unseasonable(season, every)
	return problem == ""
}

// Parts is how many parts windows of a length make of a season, at most.
func Parts(season, every string) int {
	switch length := lengthOf(every); {
	case season == MonthOfYear:
		return 12
	case season == DayOfWeek:
		return 7
	case length > time.Hour && day%length == 0:
		return int(week / length)
	}
	return 7 * 24
}

// unseasonable says why windows of a length have no such season, "" if they have
// it, and what to write instead.
func unseasonable(season, every string) (problem, hint string) {
	length := lengthOf(every)
	switch {
	case season != MonthOfYear && length >= week:
		return fmt.Sprintf("season: %s has no meaning with windows of a week or longer: each holds all days", season),
			"write season: month-of-year, or shorter windows, window: {every: day} for example"
	case season == HourOfWeek && length >= day:
		return fmt.Sprintf("season: %s has no meaning with windows of a day or longer: each holds all hours", season),
			"write season: day-of-week, or shorter windows, window: {every: hour} for example"
	case season == DayOfWeek && length > day && length%day != 0:
		return fmt.Sprintf("season: %s has no meaning with windows of %s: they begin at other times of the day each time", season, strconv.FormatFloat(length.Hours(), 'g', -1, 64)+"h"),
			"write windows of a day or of whole days, window: {every: day} for example, or season: month-of-year"
	case length > 31*day:
		return fmt.Sprintf("season: %s has no meaning with windows longer than a month", season),
			"write shorter windows, window: {every: month} for example"
	}
	return "", ""
}

// lengthOf is how long the windows are, of a text that was parsed.
func lengthOf(every string) time.Duration {
	switch every {
	case "hour":
		return time.Hour
	case "day":
		return day
	case "week":
		return week
	case "month":
		return 31 * day
	}
	length, _ := parseInterval(every)
	return length
}
