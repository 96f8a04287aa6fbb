package githubtest

import "net/http"

func updateReview(c *call) (int, any) {
	v := c.review()
	v.body = c.text("PullRequestReview")
	return http.StatusOK, v.json()
}

func deleteReview(c *call) (int, any) {
	v := c.review()
	if v.state != "PENDING" {
		return unprocessable("Can not delete a non-pending pull request review").parts()
	}
	for _, t := range v.pull.threads {
		for _, one := range t.comments {
			if one.review == v {
				one.delete()
			}
		}
	}
	v.pull.reviews = without(v.pull.reviews, v)
	return http.StatusOK, v.json()
}

func submitReview(c *call) (int, any) {
	v := c.review()
	var in reviewBody
	c.decode(&in)
	if v.state != "PENDING" || states[in.Event] == "PENDING" || states[in.Event] == "" {
		return unprocessable("Could not submit the review").parts()
	}
	if in.Body != "" {
		v.body = in.Body
	}
	v.state, v.submitted = states[in.Event], c.tick()
	return http.StatusOK, v.json()
}

func dismissReview(c *call) (int, any) {
	v := c.review()
	if v.state != "CHANGES_REQUESTED" && v.state != "APPROVED" {
		return unprocessable("Can not dismiss a commented pull request review").parts()
	}
	v.state = "DISMISSED"
	return http.StatusOK, v.json()
}

func listCommentsOfReview(c *call) (int, any) {
	v := c.review()
	var found []*comment
	for _, t := range v.pull.threads {
		for _, one := range t.comments {
			if one.review == v {
				found = append(found, one)
			}
		}
	}
	return http.StatusOK, jsonList(c, found, (*comment).jsonReview)
}
