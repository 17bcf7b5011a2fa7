"""The steps of the guided path through a network, in their order. Pure: no browser module."""

from ui.path import at_the_classes, at_the_picture, in_the_maps


def make_steps(route, words, samples, picture, unit):
    """All steps that the network and the gallery have something to show for.

    `samples` is the gallery, `picture` the name of the one on the page, `unit` the class to look at.
    """
    steps = [at_the_picture.numbers(route, words), at_the_picture.channels(route, words)]
    steps += in_the_maps.make_steps(route, words)
    steps += [
        at_the_classes.flatten(route, words),
        at_the_classes.logit(route, words, unit),
        at_the_classes.shares(route, words, unit),
        at_the_classes.another_picture(route, words, samples, picture),
        at_the_classes.mistake(route, words, samples),
        at_the_classes.own_picture(route, words),
    ]
    return [step for step in steps if step]
