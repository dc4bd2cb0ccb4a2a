"""Addresses of this room."""

from django.urls import path

from duikou.boards.views import board, gantt, places

app_name = "boards"
urlpatterns = [
    path("gantt/", gantt.Gantt.as_view(), name="gantt"),
    path("gantt/feed/", gantt.GanttFeed.as_view(), name="gantt-feed"),
    path("gantt/print/", gantt.GanttPrint.as_view(), name="gantt-print"),
    path("board/", board.Board.as_view(), name="board"),
    path("board/move/", board.BoardMove.as_view(), name="board-move"),
    path("map/", places.ProjectMap.as_view(), name="map"),
]
