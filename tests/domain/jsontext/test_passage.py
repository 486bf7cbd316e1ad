"""A text made of pieces of another one, and the way back from it."""

from policybuilder.domain.jsontext.passage import Passage, Piece, between


def origins(passage):
    return [passage.origin(at) for at in range(len(passage.text) + 1)]


def test_a_text_that_nothing_was_done_to_leads_back_to_itself():
    assert (Passage("abc").wrapped, origins(Passage("abc"))) == (False, [0, 1, 2, 3])


def test_each_character_leads_back_to_where_it_came_from():
    passage = Passage("0123456789").rebuilt([Piece(6, 8), Piece(2, 4, "abc"), Piece(4, 4), Piece(0, 2)])

    assert passage.text == "67abc01"
    assert origins(passage) == [6, 7, 2, 2, 2, 0, 1, 2]


def test_it_leads_back_through_all_layers():
    first = Passage("> [1]").rebuilt([Piece(2, 5)])
    second = first.rebuilt(between(0, 3, [Piece(1, 2, "one"), Piece(2, 2, " ")]))

    assert (second.text, second.wrapped) == ("[one ]", True)
    assert origins(second) == [2, 3, 3, 3, 4, 4, 5]


def test_nothing_leads_back_to_where_it_was_taken_out():
    assert origins(Passage("abc").rebuilt([Piece(3, 3)])) == [3]
